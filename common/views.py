"""Theme and language of the browser, and the pages for what went wrong."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpResponse, HttpResponseRedirect
from django.template import loader
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from common.web import refuse, safe_next

_YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")
_TOO_MUCH = {
    RequestDataTooBig: _("This is too much for one request. Send less, or import it as a file."),
    TooManyFieldsSent: _("This form has more fields than we read at once. Choose fewer rows."),
    TooManyFilesSent: _("These are more files than we take at once."),
}


@login_not_required
@require_POST
def theme(request):
    """Light, dark, or as the device: kept in a cookie, so that pages come in it without a flash."""
    wanted = request.POST.get("theme", "")
    response = HttpResponseRedirect(safe_next(request))
    if wanted in THEMES:
        response.set_cookie(
            "theme", wanted, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
        _remember(request.user, theme=wanted)
    return response


@login_not_required
@require_POST
def language(request):
    """The language of the pages: of the person if signed in, and of this browser."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request))
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=_YEAR,
            samesite="Lax",
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            secure=request.is_secure(),
        )
        _remember(request.user, language=wanted)
    return response


def _remember(user, **choice):
    """The same choice on the person's other devices."""
    if user.is_authenticated:
        get_user_model().objects.filter(pk=user.pk).update(**choice)


# Handlers of the whole site (`handler400` … in the root URLconf).


@requires_csrf_token
def bad_request(request, exception):
    for kind, sentence in _TOO_MUCH.items():
        if isinstance(exception, kind):
            status = 413 if kind is RequestDataTooBig else 400
            return refuse(request, sentence, status=status, code="too_much")
    return refuse(request, _("This request could not be understood."), status=400, code="malformed")


@requires_csrf_token
def permission_denied(request, exception):
    return refuse(request, _("Your role does not allow this."), status=403, code="not_allowed")


@requires_csrf_token
def not_found(request, exception):
    sentence = _("There is no such page, or it is not open to you.")
    return refuse(request, sentence, status=404, code="not_found")


def csrf_failure(request, reason=""):
    sentence = _("This page was open for too long, or cookies are off. Load it again and repeat.")
    return refuse(request, sentence, status=403, code="csrf")


@requires_csrf_token
def server_error(request):
    """Without database, session or context: whatever broke may be one of these."""
    return HttpResponse(loader.get_template("500.html").render(), status=500)
