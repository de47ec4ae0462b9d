"""Every page in the reader's language and time zone, and as their seat shows it."""

from django.utils import timezone, translation

from accounts.models import Organisation
from accounts.models.sight import seen_by


class SeatMiddleware:
    """Rows that a page loads for a partner are as their seat shows them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with seen_by(request.user):
            return self.get_response(request)


class PreferencesMiddleware:
    """Signed in: the person's own choice. Else what the browser asks for, and the organisation's zone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            timezone.activate(user.time_zone)
        else:
            timezone.activate(Organisation.current().zone)
        response = self.get_response(request)
        # A streamed answer is still being written in the reader's zone; the next request sets its own.
        if not response.streaming:
            timezone.deactivate()
        return response
