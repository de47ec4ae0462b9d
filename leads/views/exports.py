"""Rows out: few at once, many by a job."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.csvs import csv_response, in_portions
from common.keyset import portions
from common.refusals import Malformed
from leads.exporting.exports import EXPORTS, cells
from leads.exporting.job import file_name, start_export
from leads.permissions import demand

# Beyond this a page would wait too long for its answer.
AT_ONCE = 5_000


@require_http_methods(["GET", "HEAD", "POST"])
def export(request) -> HttpResponse:
    """The rows that the filters in the address mean; of many, a job writes the file.

    GET only reads: where a job is needed it shows a button, which posts the same filters.
    """
    demand(request.user, "export")
    params = _params(request)
    what = EXPORTS.get(params.get("what", "leads"))
    if what is None:
        raise Malformed(_nothing(params.get("what")), field="what")
    found = what.found(params, request.user)
    count = found.order_by().values("pk")[: AT_ONCE + 1].count()
    if count <= AT_ONCE:
        rows = cells(what, portions(found))
        return csv_response(in_portions(what.heading(), rows), file_name(what.name))
    if request.method == "POST":
        return redirect("leads:export_job", start_export(what.name, params, by=request.user).pk)
    hidden = [(name, value) for name in params for value in params.getlist(name)]
    return render(request, "leads/import/export_large.html", {"hidden": hidden, "most": AT_ONCE})


def _params(request) -> QueryDict:
    params = (request.POST if request.method == "POST" else request.GET).copy()
    for name in ("csrfmiddlewaretoken", "after"):
        params.pop(name, None)
    return params


def _nothing(name) -> str:
    return _("There is no export “%(name)s”. There are: %(names)s.") % {
        "name": name,
        "names": ", ".join(EXPORTS),
    }
