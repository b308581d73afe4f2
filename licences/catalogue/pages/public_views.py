"""The published catalogue: a list with search, a page for each kind."""

from collections.abc import Sequence

from django.db.models import QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from licences.catalogue import selectors as catalogue
from licences.catalogue.pages.descriptions import number_example, requirement
from licences.catalogue.pages.guide import with_kinds
from licences.catalogue.specimens import specimen_of
from licences.data_items import items_of
from licences.models import CatalogueEntry
from licences.production.face.catalogue import layout_for
from licences.production.face.inputs import CannotDraw
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Column, Empty, ListPage
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import PortalView

_HOLDERS = {"person": "发给个人", "enterprise": "发给企业和组织"}
_PAGE = 50


def _departments(actor: Actor) -> dict[str, str]:  # noqa: ARG001
    return {one.credit_code: one.name for one in catalogue.departments_with_entries()}


class CatalogueFilter(ListFilter):
    """Which of the published kinds."""

    q = SearchFilter("证照或单位的名称", catalogue.named)
    holder = ChoiceFilter("发给谁", _HOLDERS, narrow=catalogue.for_holders, empty="不限")
    department = ChoiceFilter(
        "由谁制发", _departments, column="issuing_department__credit_code", empty="不限"
    )


class CatalogueList(ListPage[CatalogueEntry]):
    """Which licences there are, who issues them, for whom, how long (P.2.1.1)."""

    public = "because the catalogue is published (P.2.1.1)"
    template_name = "licences/catalogue.html"
    frame = "shell/public.html"
    title = "证照目录"
    filter_class = CatalogueFilter
    columns = (
        Column("证照"),
        Column("由谁制发", sort="issuing_department__name"),
        Column("发给谁"),
        Column("有效期"),
    )
    order = ("name", "id")
    order_words = "已公布的证照，按名称排列"
    size = _PAGE
    unit = "种"
    counts = True
    nothing = Empty(
        "目录还没有发布", "各制发单位编制、县行政审批服务管理局发布以后，会列在这里。", "list-tree"
    )
    no_match = Empty("没有找到符合条件的证照", "试试更短的名称，或减少条件。", "search")

    def rows(self) -> "QuerySet[CatalogueEntry]":
        """A row a kind; a row a department where one looks for words or a department."""
        if self.request.GET.get("q") or self.request.GET.get("department"):
            return catalogue.published_entries().annotate(issuers=Value(0))
        return catalogue.published_kinds()


class KindPage(PortalView):
    """One kind at one department: what, from whom, for whom, how long, how to tell a genuine one.

    A kind that several departments issue leads to a page that names them.
    """

    public = "because the catalogue is published (P.2.1.1)"
    template_name = "licences/kind.html"

    def get(self, request: HttpRequest, type_code: str, issuer: str = "") -> HttpResponse:  # noqa: ARG002
        """The edition in force; a 404 for a kind that is not published.

        Of a department that issues it no more the kind itself: licences from then lead here.
        """
        issuers = catalogue.issuers_of(type_code)
        codes = {one.issuing_department.credit_code for one in issuers}
        if issuers and issuer and issuer not in codes:
            return redirect("licences:kind", type_code)
        if not issuer and len(issuers) > 1:
            return self.render({"issuers": issuers}, template="licences/kind_issuers.html")
        entry = _of_issuer(issuers, issuer)
        code = entry.issuing_department.credit_code
        items = items_of(entry.items)
        return self.render(
            {
                "entry": entry,
                "items": [(item, requirement(item)) for item in items],
                "number": number_example(entry.number_rule, items, clock.today().year),
                "materials": with_kinds(entry.materials),
                "others": len(issuers) - 1,
                "editions": catalogue.known_editions(entry),
                "paper": (entry.layout or layout_for(type_code))["page"],
                "specimen_url": reverse("licences:specimen-of", args=[type_code, code]),
                "services": catalogue.service_items_of(entry),
            }
        )


class SpecimenPicture(PortalView):
    """The specimen of a kind as SVG, drawn as its licences are drawn."""

    public = "because specimens are part of the published catalogue (P.2.1.2)"

    def get(self, request: HttpRequest, type_code: str, issuer: str = "") -> HttpResponse:  # noqa: ARG002
        """SVG of one page; a 404 for a kind that is not published or cannot be drawn."""
        try:
            drawn = specimen_of(_of_issuer(catalogue.issuers_of(type_code), issuer))
        except CannotDraw as fault:
            raise not_found() from fault
        response = HttpResponse(drawn, content_type="image/svg+xml")
        response["Cache-Control"] = "public, max-age=3600"
        return response


def _of_issuer(issuers: Sequence[CatalogueEntry], issuer: str) -> CatalogueEntry:
    """The entry of one of the departments that issue a kind, by its code; the first without."""
    for entry in issuers:
        if not issuer or entry.issuing_department.credit_code == issuer:
            return entry
    raise not_found()
