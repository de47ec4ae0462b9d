"""The test run itself catches what it promises to catch."""

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.template.base import Origin

from tests.strict import OnlyReadsOnGet, UndefinedVariable, WriteOnGet


def rendered(text, path):
    engine = engines["django"].engine
    return Template(text, origin=Origin(str(path)), engine=engine).render(Context({}))


def test_an_undefined_name_in_our_template_raises():
    with pytest.raises(UndefinedVariable, match=r"leed\.company"):
        rendered("{{ leed.company }}", settings.BASE_DIR / "templates" / "leads" / "x.html")


def test_an_undefined_name_in_a_template_of_others_is_empty():
    assert rendered("<{{ leed.company }}>", "/elsewhere/admin/x.html") == "<>"


def answered(rf, method, sql):
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute(sql)
        return HttpResponse()

    return OnlyReadsOnGet(view)(getattr(rf, method)("/"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    ["UPDATE django_session SET session_key = 'x'", "SELECT 1 FROM django_session FOR UPDATE"],
)
def test_a_page_that_is_looked_at_may_not_write_or_lock(rf, sql):
    with pytest.raises(WriteOnGet):
        answered(rf, "get", sql)
    assert answered(rf, "post", sql).status_code == 200
    assert answered(rf, "get", "SELECT 1").status_code == 200
