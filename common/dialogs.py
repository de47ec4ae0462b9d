"""What views of forms do alike: try the verb, show what is wrong with it, go back where one was."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

from common.refusals import Malformed, NotAllowed, Refusal
from common.web import go, is_htmx, own_path

Done = TypeVar("Done")


def posted(request: HttpRequest):
    """What a form is bound to: what was sent, or nothing yet."""
    return request.POST if request.method == "POST" else None


def attempt(form: Form, act: Callable[..., Done], *args, **kwargs) -> Done | None:
    """The answer of `act(…)`, or None with what is wrong written into the form.

    So what was typed stays where it is. What the person may not do at all is not caught here.
    """
    if not form.is_valid():
        return None
    try:
        return act(*args, **kwargs)
    except NotAllowed:
        raise
    except Malformed as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong.sentence))
    except Refusal as late:
        form.add_error(None, str(late.sentence))
        form.too_late = True  # type: ignore[attr-defined]
    return None


def show_form(request: HttpRequest, template: str, form: Form, **context) -> HttpResponse:
    """The dialog (or, without our scripts, the page) with `form`: 422 or 409 where it was refused."""
    wrong = form.is_bound and bool(form.errors)
    status = 409 if getattr(form, "too_late", False) else 422 if wrong else 200
    return render(request, template, {"form": form, **context}, status=status)


def finished(request: HttpRequest, to, sentence="", **args) -> HttpResponse:
    """Back to the page the dialog was opened from, else to `to`, with a word."""
    return go(request, opened_from(request) or resolve_url(to, **args), sentence)


def opened_from(request: HttpRequest) -> str:
    """The address of the page a dialog stands over, or "" where there is none."""
    if not is_htmx(request):
        return ""
    return own_path(request, request.headers.get("HX-Current-URL", ""))
