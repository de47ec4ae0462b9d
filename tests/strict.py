"""What makes the test run stricter than production; settings.test puts it in place."""

import sys

from django.conf import settings
from django.db import connection

_READS = ("SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK", "DECLARE", "FETCH", "CLOSE", "SET")


class UndefinedVariable(Exception):
    """A template of ours names something that is not there: a slip of the pen."""


class Undefined(str):
    """For `string_if_invalid`: raises in our own templates, stays silent in others' (admin)."""

    __slots__ = ()

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, variable):
        origin = _template_of(sys._getframe(1))
        if origin.startswith(str(settings.BASE_DIR / "templates")):
            raise UndefinedVariable(f"{{{{ {variable} }}}} in {origin}")
        return ""


def _template_of(frame) -> str:
    """The file of the template that is being rendered; Django asks from within the variable."""
    context = frame.f_locals.get("context")
    template = getattr(getattr(context, "render_context", None), "template", None)
    return str(template.origin) if template else ""


class WriteOnGet(Exception):
    """A page changed the database though it was only looked at."""


class OnlyReadsOnGet:
    """Middleware next to the views: GET and HEAD may only SELECT."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return self.get_response(request)


def _refuse_writes(execute, sql, params, many, context):
    statement = str(sql).lstrip(" (").upper()
    if not statement.startswith(_READS) or " FOR UPDATE" in statement:
        raise WriteOnGet(f"A GET request ran: {sql}")
    return execute(sql, params, many, context)
