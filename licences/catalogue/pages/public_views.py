"""The published catalogue: a list with search, a page for each kind."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from licences.catalogue import selectors as catalogue
from licences.catalogue.pages.descriptions import number_words, requirement
from licences.catalogue.specimens import specimen_of
from licences.data_items import items_of
from licences.models import CatalogueEntry
from licences.production.face.catalogue import layout_for
from licences.production.face.inputs import CannotDraw
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import PortalView

_HOLDERS = {"person": "发给个人", "enterprise": "发给企业和组织"}
_PAGE = 50


class CatalogueList(PortalView):
    """Which licences there are, who issues them, for whom, how long (P.2.1.1)."""

    public = "because the catalogue is published (P.2.1.1)"
    template_name = "licences/catalogue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `q`, `department` (credit code), `holder` (person, enterprise), `page`."""
        search = request.GET.get("q", "").strip()[:60]
        department = request.GET.get("department", "")
        holder = request.GET.get("holder", "")
        holder = holder if holder in _HOLDERS else ""
        departments = list(catalogue.departments_with_entries())
        chosen = [one for one in departments if one.credit_code == department]
        filled = {"q": search, "holder": holder, "department": department if chosen else ""}
        rows = catalogue.published_entries(search, filled["department"], holder)
        page = page_of(rows, order=("name", "id"), token=request.GET.get("page", ""), size=_PAGE)
        return self.render(
            {
                "page": page,
                "departments": departments,
                "holders": _HOLDERS,
                "filled": filled,
                "chips": _chips(filled, chosen[0].name if chosen else ""),
                "query": _query(filled),
            }
        )


def _query(filled: dict[str, str]) -> str:
    """The filter, ready to stand before another field of the address."""
    words = urlencode({key: value for key, value in filled.items() if value})
    return f"{words}&" if words else ""


def _chips(filled: dict[str, str], department: str) -> list[tuple[str, str]]:
    """What the list is narrowed down to, and the address without it."""
    words = {
        "q": f"“{filled['q']}”",
        "holder": _HOLDERS.get(filled["holder"], ""),
        "department": department,
    }
    return [
        (words[key], "?" + _query({**filled, key: ""}).rstrip("&"))
        for key, value in filled.items()
        if value
    ]


class KindPage(PortalView):
    """One kind: what, from whom, for whom, how long, and how to tell a genuine one."""

    public = "because the catalogue is published (P.2.1.1)"
    template_name = "licences/kind.html"

    def get(self, request: HttpRequest, type_code: str) -> HttpResponse:  # noqa: ARG002
        """The edition in force; a 404 for a kind that is not published."""
        entry = _published(type_code)
        items = items_of(entry.items)
        return self.render(
            {
                "entry": entry,
                "items": [(item, requirement(item)) for item in items],
                "number": number_words(entry.number_rule, items),
                "editions": catalogue.known_editions(type_code),
                "paper": (entry.layout or layout_for(type_code))["page"],
                "specimen_url": reverse("licences:specimen", args=[type_code]),
                "services": catalogue.service_items_of(type_code),
            }
        )


class SpecimenPicture(PortalView):
    """The specimen of a kind as SVG, drawn as its licences are drawn."""

    public = "because specimens are part of the published catalogue (P.2.1.2)"

    def get(self, request: HttpRequest, type_code: str) -> HttpResponse:  # noqa: ARG002
        """SVG of one page; a 404 for a kind that is not published or cannot be drawn."""
        try:
            drawn = specimen_of(_published(type_code))
        except CannotDraw as fault:
            raise not_found() from fault
        response = HttpResponse(drawn, content_type="image/svg+xml")
        response["Cache-Control"] = "public, max-age=3600"
        return response


def _published(type_code: str) -> CatalogueEntry:
    entry = catalogue.published_entry(type_code)
    if entry is None:
        raise not_found()
    return entry
