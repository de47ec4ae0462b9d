"""The inbox."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import read_all_notices, read_notice
from accounts.models import Notice
from accounts.notices import LETTERS, tell_all
from common.keyset import page_by_key
from common.web import go


@require_GET
def notices(request):
    """What this person was told: the unread ones first, or all with `?all`."""
    everything = "all" in request.GET
    rows = (
        Notice.objects.filter(to=request.user).select_related("by__team").exclude(kind__in=LETTERS)
    )
    page = page_by_key(
        rows if everything else rows.unread(),
        order="-pk",
        key=request.GET.get("after", ""),
        size=30,
    )
    content = {
        "page": page,
        "told": tell_all(page, request.user),
        "newest": page.rows[0].pk if page.rows else 0,
        "everything": everything,
        "has_unread": any(notice.read_at is None for notice in page),
    }
    return render(request, "accounts/notices.html", content)


@require_POST
def reading(request, pk):
    """Reads a notice and goes where it leads."""
    notice = read_notice(get_object_or_404(Notice, pk=pk, to=request.user), by=request.user)
    if notice.path and url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None):
        return HttpResponseRedirect(notice.path)
    return go(request, "accounts:notices")


@require_POST
def reading_of_all(request):
    """Reads all up to the newest that was shown; what came in meanwhile stays unread."""
    shown = request.POST.get("newest", "")
    read_all_notices(
        by=request.user, up_to=int(shown) if shown.isascii() and shown.isdigit() else 0
    )
    return go(request, "accounts:notices", _("All read."))
