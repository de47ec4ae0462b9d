"""Static files for production: one stylesheet, hashed names, modules that import hashed modules."""

import re

from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "css/app.css"
_IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>\w+)\);')


class StaticStorage(CompressedManifestStaticFilesStorage):
    """`css/app.css` becomes its imports, each in its layer: one request instead of two dozen."""

    support_js_module_import_aggregation = True
    # Only of our own modules: what others ship names files that they do not ship.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def post_process(self, paths, dry_run=False, **options):
        if ENTRY in paths and not dry_run:
            source, path = paths[ENTRY]
            self._write(path, bundle(lambda name: _read(source, name)))
            paths[ENTRY] = (self, path)
        yield from super().post_process(paths, dry_run, **options)

    def _write(self, path, text):
        self.delete(path)
        with self.open(path, "wb") as out:
            out.write(text.encode())


def _read(storage, name) -> str:
    with storage.open(name) as file:
        return file.read().decode()


def bundle(read) -> str:
    """The entry stylesheet with every `@import … layer(x)` replaced by that file in `@layer x`.

    `read(name)` gives the text of a static file.
    """

    def include(found):
        return f"@layer {found['layer']} {{\n{read('css/' + found['file'])}\n}}\n"

    return _IMPORT.sub(include, read(ENTRY))
