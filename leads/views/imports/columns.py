"""Step two: which column goes where, with one row shown as it would come in."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.refusals import Malformed
from leads.importing import mapping
from leads.importing.dates import ORDER_NAMES, Order
from leads.importing.forms import OptionsForm
from leads.importing.job import start_import
from leads.importing.preview import ROWS, Sample, preview
from leads.importing.problems import Unreadable
from leads.importing.targets import TARGETS, Target
from leads.views.imports.files import options_of, own_file

UNDECIDED = "?"


@dataclass
class Column:
    """One column of the file: its samples, where it goes, and how we know."""

    index: int
    name: str
    samples: list[str]
    place: str
    state: str  # ok (recognised or remembered), said, skip, todo

    @property
    def input_name(self) -> str:
        return f"column-{self.index}"


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, pk: int):
    """Show the mapping, or take it and begin the check."""
    file = own_file(request, pk)
    try:
        options, found = options_of(request, file)
    except Unreadable:
        return redirect("leads:import_file", pk)
    if not options.is_valid():
        return redirect(f"{_file_address(pk)}?{request.GET.urlencode()}&next=1")
    target = TARGETS[options.cleaned_data["rows"]]
    if request.method == "POST":
        return _take(request, file, target, options, found)
    kept = mapping.remembered(target, found.heading)
    chosen = _chosen_by_itself(target, found, kept)
    return _page(request, file, target, options, found, chosen, remembered=kept)


def _file_address(pk: int) -> str:
    return reverse("leads:import_file", args=[pk])


def _chosen_by_itself(target: Target, found: Sample, kept) -> dict[str, str]:
    recognised = mapping.recognise(target, found.heading)
    names = {one.name for one in target.fields()}
    if kept:
        known = {name: place for name, place in kept.columns.items() if place in names | {""}}
        recognised |= {name: place for name, place in known.items() if name in found.heading}
    return {name: recognised.get(name, UNDECIDED) for name in found.heading}


def _posted(request, target: Target, found: Sample) -> dict[str, str]:
    """The mapping as sent; places that do not exist are undecided."""
    names = {one.name for one in target.fields()} | {mapping.LEFT_OUT, UNDECIDED}
    rest = mapping.LEFT_OUT if request.POST.get("rest") == "skip" else UNDECIDED
    chosen = {}
    for index, name in enumerate(found.heading):
        place = request.POST.get(f"column-{index}", UNDECIDED)
        chosen[name] = place if place in names and place != UNDECIDED else rest
    return chosen


def _take(request, file, target: Target, options: OptionsForm, found: Sample):
    chosen = _posted(request, target, found)
    undecided = [name for name, place in chosen.items() if place == UNDECIDED]
    order = request.POST.get("order", "")
    order = order if order in (Order.DMY, Order.MDY) else ""
    if undecided:
        return _page(request, file, target, options, found, chosen, status=422)
    try:
        job = start_import(
            file,
            by=request.user,
            target=target.name,
            form=options.read_as,
            heading=found.heading,
            columns=chosen,
            whole=options.whole,
            consents=options.consents,
            evidence=options.cleaned_data.get("evidence", ""),
            order=order,
            create_people=bool(options.cleaned_data.get("create_people")),
            dry_run=True,
        )
    except Malformed as wrong:
        return _page(
            request, file, target, options, found, chosen, error=wrong.sentence, status=422
        )
    if request.POST.get("remember") and (name := request.POST.get("name", "").strip()):
        mapping.remember(target, found.heading, chosen, name=name, by=request.user)
    return redirect("leads:job", job.pk)


@require_POST
def preview_row(request, pk: int):
    """The piece that shows one row under the mapping as it stands in the form."""
    file = own_file(request, pk)
    options, found = options_of(request, file)
    if not options.is_valid():
        raise Malformed(_("Something is missing on the page before. Go back to it."))
    target = TARGETS[options.cleaned_data["rows"]]
    chosen = _posted(request, target, found)
    context = {"file": file, **_preview(request.POST, target, found, chosen)}
    return render(request, "leads/import/_preview.html", context)


def _preview(said, target: Target, found: Sample, chosen: dict[str, str]) -> dict:
    number = said.get("row", "1")
    number = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    number = min(max(number, 1), max(1, min(ROWS, len(found.rows))))
    places = {name: place for name, place in chosen.items() if place not in ("", UNDECIDED)}
    return {
        "preview": preview(found, target, places, number=number, order=said.get("order", "")),
        "number": number,
        "last": len(found.rows),
        "orders": [(one.value, ORDER_NAMES[one]) for one in (Order.DMY, Order.MDY)],
        "order": said.get("order", ""),
    }


def _page(
    request, file, target: Target, options: OptionsForm, found: Sample, chosen: dict[str, str],
    *, remembered=None, error="", status=200,
):  # fmt: skip
    shown = [
        Column(
            index,
            name,
            found.cells(index),
            chosen[name],
            _state(chosen[name], remembered, name),
        )
        for index, name in enumerate(found.heading)
    ]
    context = {
        "file": file,
        "target": target,
        "options": options,
        "columns": shown,
        "groups": _groups(target),
        "undecided": [one for one in shown if one.state == "todo"],
        "summary": _summary(shown),
        "remembered": remembered,
        "error": error,
        "name": request.POST.get("name")
        or (remembered.name if remembered else file.name.rsplit(".", 1)[0]),
        "step": 2,
        "back": f"{_file_address(file.pk)}?{_kept(options)}",
        **_preview(
            request.POST if request.method == "POST" else request.GET, target, found, chosen
        ),
    }
    return render(request, "leads/import/columns.html", context, status=status)


def _state(place: str, remembered, name: str) -> str:
    if place == UNDECIDED:
        return "todo"
    if place == mapping.LEFT_OUT:
        return "skip"
    return "kept" if remembered and name in remembered.columns else "ok"


def _groups(target: Target) -> list[tuple[str, list]]:
    """The fields by their headings, for a list to choose from."""
    fields = target.fields()
    order = {str(one.group): at for at, one in reversed(list(enumerate(fields)))}
    fields = sorted(fields, key=lambda one: order[str(one.group)])
    return [(group, list(some)) for group, some in groupby(fields, key=lambda one: str(one.group))]


def _summary(shown: list[Column]) -> str:
    todo = sum(one.state == "todo" for one in shown)
    done = sum(one.state in ("ok", "kept") for one in shown)
    known = ngettext(
        "%(done)s of %(all)s column found its place.",
        "%(done)s of %(all)s columns found their place.",
        len(shown),
    ) % {"done": done, "all": len(shown)}
    if not todo:
        return known
    rest = ngettext(
        "Decide on the one that is left.", "Decide on the %(n)s that are left.", todo
    ) % {"n": todo}
    return f"{known} {rest}"


def _kept(options: OptionsForm) -> str:
    return urlencode(options.hidden)
