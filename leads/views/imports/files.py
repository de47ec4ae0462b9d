"""Step one: the file, how it is read, and what holds for all its rows."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from common.csvs import BOM, lines
from common.files import store
from common.models import Job, StoredFile
from common.refusals import Malformed
from leads.importing import mapping
from leads.importing.formats import CP932, DELIMITERS, ENCODINGS, UTF8, guess_format
from leads.importing.forms import OptionsForm, UploadForm, known_sources
from leads.importing.job import KIND
from leads.importing.preview import Sample, as_read_by, readable_encodings, sample
from leads.importing.problems import Unreadable
from leads.importing.targets import TARGETS
from leads.permissions import demand

RECENT = 5
# Fields of the sample file, with two invented rows.
_SAMPLE = {
    "会社名": ("株式会社見本製作所", "見本商事株式会社"),
    "部署名": ("生産技術部", ""),
    "役職": ("課長", ""),
    "姓": ("見本", "例示"),
    "名": ("太郎", "花子"),
    "メールアドレス": ("taro@mihon.example.com", "hanako@reiji.example.com"),
    "電話番号": ("03-0000-0000", ""),
    "流入元": ("展示会", "Web"),
    "獲得日": ("2026/11/20", "2026-11-21"),
    "メモ": ("", ""),
}


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request):
    """Choose a file; what was imported lately stands beside it."""
    demand(request.user, "import")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = _stored(request, form)
        if file is not None:
            return redirect("leads:import_file", file.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "recent": recent_imports(request.user), "step": 1}
    return render(request, "leads/import/upload.html", context, status=status)


def _stored(request, form: UploadForm) -> StoredFile | None:
    upload = form.cleaned_data["file"]
    try:
        return store(
            upload.chunks(),
            name=upload.name,
            by=request.user,
            purpose="import",
            content_type=upload.content_type or "",
        )
    except Malformed as wrong:
        form.add_error("file", str(wrong))
        return None


def recent_imports(user) -> list[Job]:
    """The imports `user` may look at, latest first; checks are none."""
    mine = Q() if user.is_administrator else Q(by=user)
    found = Job.objects.filter(mine, kind=KIND, payload__dry_run=False).select_related("by")
    return list(found.order_by("-pk")[:RECENT])


def own_file(request, pk: int) -> StoredFile:
    """A file the person uploaded, or 404."""
    demand(request.user, "import")
    return get_object_or_404(StoredFile, pk=pk, by=request.user, purpose="import")


def options_of(request, file: StoredFile) -> tuple[OptionsForm, Sample]:
    """What was said about the file, and its first rows. Raises `Unreadable`."""
    said = request.POST if request.method == "POST" else request.GET
    form = guess_format(
        file,
        encoding=_one_of(said.get("encoding"), ENCODINGS),
        delimiter=_one_of(said.get("delimiter"), DELIMITERS),
        sheet=said.get("sheet", "")[:100],
    )
    found = sample(file, form)
    options = OptionsForm(
        said, file=file, form=form, guess=mapping.guess_target(found.heading).name
    )
    return options, found


def _one_of(value: str | None, known) -> str:
    return value if value in known else ""


@require_safe
def file_page(request, pk: int):
    """What we understood of the file, and what the person adds."""
    file = own_file(request, pk)
    try:
        options, found = options_of(request, file)
    except Unreadable as wrong:
        return _unreadable(request, file, wrong)
    # The address is a form not yet answered: it is judged when one goes on.
    asked = bool(request.GET.get("next"))
    if asked and options.is_valid():
        return redirect(f"{request.path}columns/?{_without_next(request)}")
    context = {
        "file": file,
        "form": options,
        "said": options.data.get("rows"),
        "shows_errors": asked,
        "found": found,
        "readings": [
            (one, ENCODINGS[one], as_read_by(file, one))
            for one in readable_encodings(options.read_as)
        ]
        if not options.read_as.is_xlsx
        else [],
        "sources": known_sources() if options.data.get("rows") == "leads" else [],
        "recent": recent_imports(request.user),
        "targets": TARGETS.values(),
        "step": 1,
    }
    return render(request, "leads/import/file.html", context, status=422 if asked else 200)


def _without_next(request) -> str:
    params = request.GET.copy()
    params.pop("next", None)
    return params.urlencode()


def _unreadable(request, file: StoredFile, wrong: Unreadable):
    """Not a dead end: another encoding can be tried from here."""
    read = [(code, ENCODINGS[code], as_read_by(file, code)) for code in (UTF8, CP932)]
    context = {
        "file": file,
        "sentence": wrong.sentence,
        "encodings": read,
        "likeliest": min(read, key=lambda one: "".join(one[2]).count("\ufffd"))[0],
        "step": 1,
    }
    return render(request, "leads/import/unreadable.html", context, status=422)


@require_safe
def sample_file(request):
    """A file to begin from: UTF-8, or CP932 for old tools."""
    demand(request.user, "import")
    text = lines([_SAMPLE, *zip(*_SAMPLE.values(), strict=True)])
    old = request.GET.get("encoding") == CP932
    body = text.encode(CP932) if old else (BOM + text).encode()
    response = HttpResponse(body, content_type="text/csv")
    name = "smarketing-cp932.csv" if old else "smarketing.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
