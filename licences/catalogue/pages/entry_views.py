"""The catalogue desk of a department: compile, amend, look at the specimen, submit (M.6)."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy

from audit.trail.selectors import of_subject as records_of
from licences.catalogue import desk_selectors
from licences.catalogue import selectors as catalogue_selectors
from licences.catalogue import services as catalogue
from licences.catalogue.pages.descriptions import requirement
from licences.catalogue.pages.edition_comparison import compare_editions, number_text
from licences.catalogue.pages.forms import written_of
from licences.catalogue.pages.guide import with_kinds
from licences.catalogue.specimens import specimen_of
from licences.data_items import items_of
from licences.lifecycle import ENTRY
from licences.models import CatalogueEntry
from licences.production.face.catalogue import LayoutUnfit
from licences.production.face.inputs import CannotDraw
from licences.register.pages.licence_views import packed
from seals.models import SealKind
from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.timeline import timeline
from zezhou_portal.pagekit.views import ConfirmPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_PAGE = 50
VOICES = {"DRAFT": "open", "SUBMITTED": "done", "PUBLISHED": "done"}


def step_of(entry: CatalogueEntry) -> tuple[str, str]:
    """The word and the voice of an entry's step; one that came back says so."""
    if entry.state == "DRAFT" and entry.remarks:
        return "退回修改", "back"
    return ENTRY.labels[entry.state], VOICES.get(entry.state, "done")


_RECORDS = 20


def entry_context(entry: CatalogueEntry) -> dict[str, Any]:
    """What the pages of one entry show."""
    own = desk_selectors.in_force_beside(entry)
    beside = own or desk_selectors.beside_of_another(entry)
    return {
        "entry": entry,
        "step": step_of(entry),
        "items": [(item, requirement(item)) for item in items_of(entry.items)],
        "number": number_text(entry),
        "seal": SealKind(entry.seal_kind).label,
        "materials": with_kinds(entry.materials),
        "beside": beside,
        "is_beside_own": own is not None,
        "lines": compare_editions(entry, beside) if beside else [],
        "changed": _changed(entry, beside),
        "fault": _fault(entry),
        "paper": entry.layout["page"],
        "events": timeline(records_of(entry.subject.kind, entry.subject.key)[:_RECORDS]),
    }


def _changed(entry: CatalogueEntry, beside: CatalogueEntry | None) -> int:
    lines = compare_editions(entry, beside) if beside else []
    return sum(line.verdict != "same" for line in lines)


def _fault(entry: CatalogueEntry) -> str:
    """What keeps a draft from being submitted, or nothing."""
    if entry.state not in {"DRAFT", "SUBMITTED"}:
        return ""
    try:
        catalogue.check_entry(entry)
    except RuleBroken as refusal:
        return refusal.reason
    return ""


class EntryRow(NamedTuple):
    """An entry as a list shows it."""

    entry: CatalogueEntry
    word: str
    voice: str


class EntryFilter(ListFilter):
    """Which of the department's entries."""

    q = SearchFilter("证照的名称", catalogue_selectors.named)
    state = ChoiceFilter("到哪一步", ENTRY.labels, column="state")


class EntryList(ExportedListPage[CatalogueEntry]):
    """The department's entries in all states."""

    capability = Capability.COMPILE_ENTRIES
    template_name = "licences/entries.html"
    title = "目录编制"
    filter_class = EntryFilter
    columns = (
        Column(
            "证照、类型代码",
            sort="name",
            cell=lambda row: f"{row.entry.name} {row.entry.type_code}",
        ),
        Column("版次", cell=lambda row: row.entry.edition),
        Column("到哪一步", cell=lambda row: row.word),
        Column("数据项", cell=lambda row: len(row.entry.items)),
        Column("公布", css="zz-n", cell=lambda row: row.entry.published_at),
    )
    order = desk_selectors.ORDER
    order_words = "编制中和已报送的在前，再按名称"
    size = _PAGE
    counts = True
    nothing = Empty(
        "本单位还没有编制证照目录",
        "先编制，公布以后才能收件、制证。",
        "list-tree",
        reverse_lazy("licences:new-entry"),
        "编制新的证照",
    )

    def rows(self) -> "QuerySet[CatalogueEntry]":
        return desk_selectors.entries_of_department(self.actor)

    def present(self, rows: Sequence[CatalogueEntry]) -> list[EntryRow]:
        return [EntryRow(row, *step_of(row)) for row in rows]


class EntryView(PortalView):
    """A view of one of the department's entries: a neighbour's is a 404."""

    capability: ClassVar[Capability | tuple[Capability, ...] | None] = Capability.COMPILE_ENTRIES

    def entry(self, key: UUID) -> CatalogueEntry:
        """The entry, or a 404."""
        found = desk_selectors.own_entry(self.actor, key)
        if found is None:
            raise not_found()
        return found


class EntryPage(EntryView):
    """One edition: what it says, what differs from the one in force, what is next."""

    template_name = "licences/entry.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        entry = self.entry(key)
        may_start = desk_selectors.may_have_another(entry)
        return self.render({**entry_context(entry), "may_start": may_start})


class NewEdition(EntryView):
    """Starts the next edition, filled with what the one before says."""

    action = Action.EDITION_STARTED
    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        entry = self.entry(key)
        try:
            draft = catalogue.start_edition(
                actor=self.actor, entry=entry, written=written_of(entry)
            )
        except RuleBroken as refusal:
            messages.error(request, refusal.reason)
            return redirect("licences:entry", key=key)
        return redirect("licences:edit-entry", key=draft.uuid)


class _ConfirmEntry(EntryView, ConfirmPage):
    """Asks before an act on one of the department's entries."""

    subject: CatalogueEntry
    references = ("M.6",)

    def prepare(self, **kwargs: Any) -> None:
        self.subject = self.entry(kwargs["key"])

    def back(self) -> str:
        return reverse("licences:entry", args=[self.subject.uuid])


class SubmitEntry(_ConfirmEntry):
    """Hands a draft to the bureau."""

    action = Action.ENTRY_SUBMITTED
    verb = "报送"
    hands = "编制和公布要由两个人办理。"
    back_words = "再看看，返回"

    def question(self) -> str:
        return f"报送{self.subject.name}第 {self.subject.edition} 版？"

    def consequences(self) -> list[str]:
        return [
            "县行政审批服务管理局核对以后公布，或退回并写明意见",
            "核对期间不能再改",
            "公布以前，现行的一版照旧",
        ]

    def carry_out(self) -> HttpResponse:
        catalogue.submit_entry(actor=self.actor, entry=self.subject)
        messages.success(self.request, "已报送县行政审批服务管理局\n核对公布以前，内容不能再改。")
        return redirect(self.back())


class DiscardEntry(_ConfirmEntry):
    """Gives a draft up, once confirmed."""

    action = Action.ENTRY_DISCARDED
    verb = "放弃这一版"
    stop = True

    def question(self) -> str:
        return f"放弃{self.subject.name}第 {self.subject.edition} 版草稿？"

    def consequences(self) -> list[str]:
        in_force = desk_selectors.in_force_beside(self.subject)
        return [
            "这一版不再编制，也不报送",
            f"现行的第 {in_force.edition} 版照旧" if in_force else "公开的证照目录不变",
            "不能恢复；要再编，另起新的一版",
        ]

    def carry_out(self) -> HttpResponse:
        catalogue.discard_entry(actor=self.actor, entry=self.subject)
        words = f"已放弃{self.subject.name}第 {self.subject.edition} 版草稿"
        messages.success(self.request, f"{words}\n要再编，可以另起新的一版。")
        return redirect("licences:entries")


class EntrySpecimen(EntryView):
    """The specimen of any edition in its final layout, marked 样例 (M.6)."""

    capability = (Capability.COMPILE_ENTRIES, Capability.PUBLISH_ENTRIES)

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """SVG; a 404 where the layout does not fit the items (the page says why)."""
        entry = desk_selectors.own_entry(self.actor, key) or desk_selectors.entry_to_publish(
            self.actor, key
        )
        if entry is None:
            raise not_found()
        try:
            picture = specimen_of(entry)
        except (CannotDraw, LayoutUnfit, LookupError) as fault:
            raise not_found() from fault
        response = packed(request, picture)
        response["Cache-Control"] = "private, no-cache"
        return response
