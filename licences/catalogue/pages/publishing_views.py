"""The bureau's catalogue desk: what was submitted, what differs, publish or send back (M.5)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from licences.catalogue import desk_selectors, selectors
from licences.catalogue import services as catalogue
from licences.catalogue.pages.entry_views import EntryRow, entry_context, step_of
from licences.lifecycle import ENTRY
from licences.models import CatalogueEntry
from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import ConfirmPage, PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_PAGE = 50
# Said beside the button that publishes, and once more when it is asked.
FIXED_ONCE_PUBLISHED = (
    "证照类型代码、制发单位以后都不能改；其余内容要改，只能由制发单位编制新的一版"
)
_SHOWN = ("SUBMITTED", "PUBLISHED", "REPLACED", "WITHDRAWN")


class RemarksForm(forms.Form):
    """Why an entry is sent back; that it is written, the verb asks."""

    remarks = forms.CharField(
        label="退回意见",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="编制人会原样看到。写清哪一项、怎么改",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remarks"].quiet = True  # type: ignore[attr-defined]


class PublishingFilter(ListFilter):
    """Which of the entries that were submitted."""

    q = SearchFilter("证照或单位的名称", selectors.named)
    state = ChoiceFilter("到哪一步", {code: ENTRY.labels[code] for code in _SHOWN}, column="state")


class PublishingList(ExportedListPage[CatalogueEntry]):
    """What waits for the bureau, and what it has published."""

    capability = Capability.PUBLISH_ENTRIES
    template_name = "licences/publishing.html"
    title = "目录公布"
    filter_class = PublishingFilter
    columns = (
        Column(
            "证照、类型代码",
            sort="name",
            cell=lambda row: f"{row.entry.name} {row.entry.type_code}",
        ),
        Column("制发单位", cell=lambda row: row.entry.issuing_department.name),
        Column("版次", cell=lambda row: row.entry.edition),
        Column("到哪一步", cell=lambda row: row.word),
        Column("报送", css="zz-n", cell=lambda row: row.entry.submitted_at),
    )
    order = desk_selectors.ORDER
    order_words = "等核对的在前，再按名称"
    size = _PAGE
    counts = True
    nothing = Empty("没有等您核对的目录", "各单位报送以后会出现在这里。", "list-checks")
    no_match = Empty("没有符合这些条件的目录", "换一步，或换个名称再看。", "list-checks")

    def rows(self) -> "QuerySet[CatalogueEntry]":
        return desk_selectors.entries_to_publish(self.actor)

    def present(self, rows: Sequence[CatalogueEntry]) -> list[EntryRow]:
        return [
            EntryRow(row, "等核对", "open")
            if row.state == "SUBMITTED"
            else EntryRow(row, *step_of(row))
            for row in rows
        ]


class PublishingView(PortalView):
    """A view of one entry at the bureau."""

    capability = Capability.PUBLISH_ENTRIES
    template_name = "licences/publishing_entry.html"

    def entry(self, key: UUID) -> CatalogueEntry:
        """The entry, or a 404."""
        found = desk_selectors.entry_to_publish(self.actor, key)
        if found is None:
            raise not_found()
        return found

    def show(
        self, entry: CatalogueEntry, form: RemarksForm | None = None, *, status: int = 200
    ) -> HttpResponse:
        """The page of an entry."""
        context = {
            **entry_context(entry),
            "remarks_form": form or RemarksForm(),
            "fixed": FIXED_ONCE_PUBLISHED,
            "compiled_here": entry.compiled_by_key == self.actor.key,
        }
        return self.render(context, status=status)


class PublishingPage(PublishingView):
    """One entry: specimen, differences to the edition in force, the decision."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self.show(self.entry(key))


class _ConfirmPublishing(PublishingView, ConfirmPage):
    """Asks before an act on an entry at the bureau."""

    template_name = ConfirmPage.template_name
    subject: CatalogueEntry

    def prepare(self, **kwargs: Any) -> None:
        self.subject = self.entry(kwargs["key"])

    def back(self) -> str:
        return reverse("licences:publishing-entry", args=[self.subject.uuid])


class PublishEntry(_ConfirmPublishing):
    """Publishes an entry in place of the edition before it."""

    action = Action.ENTRY_PUBLISHED
    verb = "公布"
    references = ("M.5", "P.2.1.1")
    undo = "公布以后不能改，只能撤下，或由制发单位编制新的一版"
    hands = "编制和公布要由两个人办理。"
    back_words = "再看看，返回"

    def question(self) -> str:
        return f"公布{self.subject.name}第 {self.subject.edition} 版？"

    def consequences(self) -> list[str]:
        beside = desk_selectors.in_force_beside(self.subject)
        return [
            "公开的证照目录按这一版显示，新收的件按这一版采集和制证",
            *([f"现行的第 {beside.edition} 版记为“已被新版替代”"] if beside else []),
            "已经制发的证照不变，仍按制发时的那一版",
            FIXED_ONCE_PUBLISHED,
        ]

    def carry_out(self) -> HttpResponse:
        entry = self.subject
        catalogue.publish_entry(actor=self.actor, entry=entry)
        messages.success(
            self.request, f"已公布{entry.name}第 {entry.edition} 版\n新办的件从现在起按这一版。"
        )
        return redirect(self.back())


class SendBackEntry(PublishingView):
    """Gives an entry back to its department with remarks."""

    action = Action.ENTRY_RETURNED
    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        entry = self.entry(key)
        form = RemarksForm(request.POST)
        if form.is_valid():
            words = form.cleaned_data["remarks"]
            try:
                catalogue.send_back_entry(actor=self.actor, entry=entry, remarks=words)
            except RuleBroken as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(
                    request,
                    f"已退回{entry.name}\n意见已告诉{entry.issuing_department.name}的编制员。",
                )
                return redirect("licences:publishing")
        return self.show(entry, form, status=422)


class WithdrawEntry(_ConfirmPublishing):
    """Takes an entry down."""

    action = Action.ENTRY_WITHDRAWN
    verb = "撤下目录"
    references = ("M.6",)
    stop = True

    def question(self) -> str:
        return f"撤下{self.subject.name}第 {self.subject.edition} 版？"

    def consequences(self) -> list[str]:
        if self.subject.state == "PUBLISHED":
            return [
                "公开的证照目录里不再有这种证照，不能再收新的件",
                "已经制发的证照照旧有效",
                "不能恢复；要再用，由制发单位编制新的一版",
            ]
        return ["这一版不再公布，现行的一版照旧", "不能恢复；要再用，由制发单位编制新的一版"]

    def carry_out(self) -> HttpResponse:
        catalogue.withdraw_entry(actor=self.actor, entry=self.subject)
        messages.success(self.request, f"已撤下{self.subject.name}")
        return redirect("licences:publishing")
