"""Answers that pages give to people and to htmx, said once."""

import json
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event


def is_htmx(request) -> bool:
    """Whether a script of ours asked for a fragment (not a boosted or restored whole page)."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def wants_json(request) -> bool:
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def toast(response: HttpResponse, sentence, *, kind: str = "ok") -> HttpResponse:
    """The page shows `sentence` when this htmx answer arrives; kind "ok" or "error"."""
    return trigger_client_event(response, "toast", {"text": str(sentence), "kind": kind})


def close_dialog(response: HttpResponse | None = None) -> HttpResponse:
    """The open dialog closes when this answer arrives; without `response` nothing else changes."""
    return trigger_client_event(response or HttpResponse(status=204), "dialog-close")


def changed(response: HttpResponse, *names: str) -> HttpResponse:
    """Fragments with `hx-trigger="<name> from:body"` load again: changed(r, "handoffs")."""
    for name in names:
        trigger_client_event(response, name)
    return response


def go(request, to, sentence="", *, kind: str = "success", **args):
    """To the page `to` (an address, a URL name or a model), saying `sentence` there.

    Right for plain forms and for htmx alike: the second is told to load the page.
    """
    if sentence:
        messages.add_message(request, getattr(messages, kind.upper()), sentence)
    response = redirect(to, **args)
    return HttpResponseClientRedirect(response.url) if is_htmx(request) else response


def safe_next(request, fallback: str = "/") -> str:
    """The address to go back to: `next`, else the page the request came from; never another site."""
    wanted = (
        request.POST.get("next") or request.GET.get("next") or request.headers.get("Referer", "")
    )
    return own_path(request, wanted) or fallback


def own_path(request, address: str) -> str:
    """Path and query of an address of this site; "" for anything else."""
    if not url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    path = urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
    # Without its host, https://our.site//other.site/ would lead to the other site.
    return "/" + path.lstrip("/\\") if path.startswith(("/", "\\")) else path


def refuse(request, sentence, *, status: int, code: str = "", field: str = "") -> HttpResponse:
    """The one answer to anything refused: JSON, a toast over the unchanged page, or a page.

    The body for htmx is the sentence too, so that whoever swaps it shows it.
    """
    if wants_json(request):
        body = {"detail": str(sentence), "code": code} | ({"field": field} if field else {})
        return JsonResponse(body, status=status)
    if is_htmx(request):
        response = render(request, "_refusal.html", {"sentence": sentence}, status=status)
        response["HX-Reswap"] = "none"
        # What was pressed stands on a page that is out of date: whoever can shows what is now.
        return changed(toast(response, sentence, kind="error"), "refused")
    back = safe_next(request, "") if request.method == "POST" else ""
    signed_in = getattr(request, "user", None) and request.user.is_authenticated
    page = {
        "sentence": sentence,
        "status": status,
        "back": "" if back == request.path else back,
        "layout": "base.html" if signed_in else "entrance.html",
    }
    return render(request, "refusal.html", page, status=status)


def triggers(response: HttpResponse) -> dict:
    """The events an answer raises in the page; for tests."""
    return json.loads(response.headers.get("HX-Trigger", "{}"))
