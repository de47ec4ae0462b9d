"""Turns refusals into answers, broken input into clear ones, and a lost session into a sign-in."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from common.refusals import Refusal
from common.web import is_htmx, refuse

BROKEN = _("This request holds characters that cannot be stored. Remove them and try again.")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class RefusalMiddleware:
    """Stands last, next to the views: what they raise comes here first.

    Bytes that PostgreSQL cannot store (NUL, lone halves of characters) are refused before any
    view sees them: every view would have to, and one would forget.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return _sign_in_whole_page(request, self.get_response(request))

    def process_view(self, request, view, args, kwargs):
        if _is_broken(request):
            return refuse(request, BROKEN, status=400, code="malformed")
        return None

    def process_exception(self, request, error):
        if isinstance(error, Refusal):
            field = getattr(error, "field", "")
            return refuse(
                request, error.sentence, status=error.status, code=error.code, field=field
            )
        # A lone surrogate that came by another road (JSON, a header) fails on its way to the database.
        if isinstance(error, UnicodeEncodeError) or (
            isinstance(error, ValueError) and "NUL (0x00)" in str(error)
        ):
            return refuse(request, BROKEN, status=400, code="malformed")
        return None


def _is_broken(request) -> bool:
    if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
        return True
    if any("\0" in value for value in request.COOKIES.values()):
        return True
    if request.method != "POST" or request.content_type not in _FORMS:
        return False
    try:
        posted = request.POST
    except UnicodeDecodeError as wrong:
        raise BadRequest("The form is not UTF-8.") from wrong
    return any(_is_unstorable(text) for key, values in posted.lists() for text in (key, *values))


def _is_unstorable(text: str) -> bool:
    # isascii is a flag of the string, so ordinary fields cost nothing.
    return "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text))


def _sign_in_whole_page(request, response):
    """A fragment must not become the sign-in page: the browser is sent there as a whole."""
    if not (is_htmx(request) and response.status_code == 302):
        return response
    sign_in = resolve_url(settings.LOGIN_URL)
    if not response.headers.get("Location", "").startswith(sign_in):
        return response
    here = request.headers.get("HX-Current-URL", "")
    path = "/" + here.split("/", 3)[3] if here.count("/") > 2 else "/"
    return HttpResponse(
        status=204, headers={"HX-Redirect": f"{sign_in}?{urlencode({'next': path})}"}
    )
