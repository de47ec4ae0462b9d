"""Icons out of the one sprite, `static/img/icons.svg`."""

from functools import cache, lru_cache

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString


@cache
def sprite() -> str:
    """Address of the icon sprite; asked once, since the manifest look-up is not free."""
    return escape(static("img/icons.svg"))


@lru_cache(maxsize=512)
def icon_html(name: str, cls: str = "") -> SafeString:
    classes = f"icon {escape(cls)}" if cls else "icon"
    return SafeString(
        f'<svg class="{classes}" aria-hidden="true"><use href="{sprite()}#i-{escape(name)}"/></svg>'
    )
