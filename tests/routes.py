"""The site map as the tests walk it: every route, its view, an address of it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from zezhou_portal.pagekit.views import PortalView

KEY = UUID("00000000-0000-4000-8000-000000000000")


def _walk(entries: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, path)
        else:
            yield path, entry


ROUTES: dict[str, URLPattern] = dict(_walk(get_resolver().url_patterns))


def view_of(path: str) -> Any:
    """The class of a route's view, or its function."""
    callback = ROUTES[path].callback
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback


def is_page(path: str) -> bool:
    """Whether a route is one of the portal's own views, not of the interface or a file."""
    view = view_of(path)
    return isinstance(view, type) and issubclass(view, PortalView)


def is_shown(path: str) -> bool:
    """Whether a route answers a GET with a whole page: with a template that is no part (`_x.html`).

    A file, a picture, an answer for a machine has no template of its own.
    """
    view = view_of(path)
    if not is_page(path) or not hasattr(view, "get") or "get" not in view.http_method_names:
        return False
    name = view.template_name.rpartition("/")[2]
    return bool(name) and not name.startswith("_")


def address(path: str) -> str:
    """A route's address with a key that no row has."""
    parts = path.split("<")
    rest = [part.split(">", 1) for part in parts[1:]]
    values = {"uuid": str(KEY), "int": "0"}
    filled = [values.get(kind.split(":")[0], "none") + tail for kind, tail in rest]
    return "/" + parts[0] + "".join(filled)
