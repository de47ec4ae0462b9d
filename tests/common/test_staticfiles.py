"""Stylesheets and scripts: one bundle, nothing missing, nothing the Content-Security-Policy forbids."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from common.staticfiles import bundle

pytestmark = pytest.mark.nodb

ROOT = Path(settings.BASE_DIR)
CSS, JS, TEMPLATES = ROOT / "static/css", ROOT / "static/js", ROOT / "templates"
# Mails have no policy and know no stylesheets.
PAGES = [file for file in TEMPLATES.rglob("*.html") if "mail" not in file.name]


def test_the_bundle_holds_every_stylesheet_in_its_layer():
    made = bundle(lambda name: (ROOT / "static" / name).read_text())
    assert "@import" not in made
    assert "@layer components {" in made
    for file in CSS.rglob("*.css"):
        if file.name not in ("app.css", "error.css"):
            assert file.read_text() in made, f"{file.name} is not imported by app.css"


def test_every_script_is_imported_and_every_import_is_there():
    entry = (JS / "app.js").read_text()
    imported = set(re.findall(r'"\./(\w+)\.js"', "".join(f.read_text() for f in JS.glob("*.js"))))
    # What one page alone needs, its template names.
    named = {name for file in PAGES for name in re.findall(r"'js/(\w+)\.js'", file.read_text())}
    assert imported | named == {file.stem for file in JS.glob("*.js")} | {"app"}
    assert "./dialog.js" in entry


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'id="i-([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    for file in PAGES:
        named = set(re.findall(r'{% icon "([\w-]+)"(?!\|)', file.read_text()))
        assert named <= drawn, f"{file.name}: {named - drawn}"


@pytest.mark.parametrize(
    "forbidden", [r"\sstyle=", r'\son[a-z]+=["\']', r"<style", r"hx-on", r"javascript:"]
)
def test_no_template_has_what_the_security_policy_forbids(forbidden):
    for file in PAGES:
        assert not re.search(forbidden, file.read_text()), f"{file.name}: {forbidden}"


def test_no_template_has_a_script_of_its_own():
    for file in PAGES:
        assert not re.search(r"<script(?![^>]*\bsrc=)", file.read_text()), file.name


def test_production_serves_hashed_files_that_name_hashed_files(tmp_path):
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "common.staticfiles.StaticStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    (script,) = tmp_path.glob("js/app.????????????.js")
    assert re.search(r'"\./dialog\.\w{12}\.js"', script.read_text())
    (styles,) = tmp_path.glob("css/app.????????????.css")
    assert "@import" not in styles.read_text()
    assert list(tmp_path.glob("css/app.*.css.br"))
