"""How the sign-in library behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.actions import tell
from accounts.models import User
from accounts.models.seats import seat_is_over


class SignInBackend(AuthenticationBackend):
    """Signs in by e-mail; loads the person of a session together with their team, in one query."""

    def user_can_authenticate(self, user):
        """A partner only up to the last day of their seat: sessions end with it, too."""
        return super().user_can_authenticate(user) and not seat_is_over(user)

    def get_user(self, user_id):
        user = User.objects.with_team().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, or have a link for a new password sent."
        ),
        "rate_limited": _("Too many tries. Wait a minute and try again."),
    }

    def pre_login(self, request, user, **login):
        if user.is_active and seat_is_over(user):
            clear_login(request)
            return render(request, "account/seat_over.html", {"seat": user.team.seat}, status=403)
        return super().pre_login(request, user, **login)

    def is_open_for_signup(self, request):
        """Never: people are invited by an administrator."""
        return False

    def send_password_reset_mail(self, user, email, context):
        """Into the outbox: an answer that waits for the mail server would tell who is known here."""
        tell(user, "account.reset", mail=True)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """Whatever the library reports about a sign-in, it is a changed password."""
        tell(user, "account.password", mail=True)
