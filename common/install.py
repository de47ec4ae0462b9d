"""What a phone needs to keep Smarketing on its home screen, and a page for when it has no connection."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

_DESK = "#f3f3f0"
_SIZES = (192, 512)


@login_not_required
@require_safe
@cache_control(public=False, max_age=3600)
def manifest(request):
    """The web manifest, in the language of the reader."""
    icons = [_icon(size, "any") for size in _SIZES] + [_icon(512, "maskable")]
    shortcuts = [
        {"name": _("Now"), "url": reverse("exchange:now")},
        {"name": _("Whose turn is it"), "url": reverse("handoff:board")},
    ]
    content = {
        "id": "/",
        "name": "Smarketing",
        "short_name": "Smarketing",
        "description": _("The overlap where one team’s work is glued to the next."),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _DESK,
        "theme_color": _DESK,
        "icons": icons,
        "shortcuts": shortcuts,
    }
    return JsonResponse(
        content,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


def _icon(size: int, purpose: str) -> dict:
    name = "icon-maskable" if purpose == "maskable" else "icon"
    return {
        "src": static(f"img/{name}-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


@login_not_required
@require_safe
@cache_control(no_cache=True)
def service_worker(request):
    """The one script that answers where the network does not: with the page below, nothing else."""
    answer = render(request, "sw.js", {"page": reverse("common:offline")})
    return HttpResponse(answer.content, content_type="text/javascript")


@login_not_required
@require_safe
def offline(request):
    """Nobody's page: it holds nothing personal, so that it may be kept on the device."""
    return render(request, "offline.html")
