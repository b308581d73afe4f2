"""The bureau's catalogue desk: what was submitted, what differs, publish or send back (M.5)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from licences.catalogue import desk_selectors
from licences.catalogue import services as catalogue
from licences.catalogue.pages.entry_views import entry_context, step_of
from licences.lifecycle import ENTRY
from licences.models import CatalogueEntry
from zezhou_portal.pagekit.paging import page_of
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import ConfirmPage, PortalView, show_refusal
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_PAGE = 50
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


class PublishingList(PortalView):
    """What waits for the bureau, and what it has published."""

    capability = Capability.PUBLISH_ENTRIES
    template_name = "licences/publishing.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """GET `state`, `page`."""
        state = request.GET.get("state", "")
        state = state if state in _SHOWN else ""
        rows = desk_selectors.entries_to_publish(self.actor, state)
        token = request.GET.get("page", "")
        page = page_of(rows, order=desk_selectors.ORDER, token=token, size=_PAGE)
        return self.render(
            {
                "page": page,
                "lines": [(row, *step_of(row)) for row in page.rows],
                "states": {code: ENTRY.labels[code] for code in _SHOWN},
                "state": state,
                "query": f"state={state}&" if state else "",
            }
        )


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
            "publishing": _publishing(entry),
            "compiled_here": entry.compiled_by_key == self.actor.key,
        }
        return self.render(context, status=status)


class PublishingPage(PublishingView):
    """One entry: specimen, differences to the edition in force, the decision."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self.show(self.entry(key))


class PublishEntry(PublishingView):
    """Publishes an entry in place of the edition before it."""

    action = Action.ENTRY_PUBLISHED
    template_name = "licences/entry_confirm.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self._ask(self.entry(key))

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Publishes once confirmed; asks again with the reason where it cannot be."""
        entry = self.entry(key)
        if request.POST.get("confirmed") != "yes":
            return self._ask(entry)
        try:
            catalogue.publish_entry(actor=self.actor, entry=entry)
        except RuleBroken as refusal:
            return self._ask(entry, refusal)
        messages.success(
            request, f"已公布{entry.name}第 {entry.edition} 版\n新办的件从现在起按这一版。"
        )
        return redirect("licences:publishing-entry", key=key)

    def _ask(self, entry: CatalogueEntry, refusal: RuleBroken | None = None) -> HttpResponse:
        context = {
            "entry": entry,
            **_publishing(entry),
            "action": self.request.path,
            "back": reverse("licences:publishing-entry", args=[entry.uuid]),
            "refusal": refusal,
        }
        return self.render(context, status=422 if refusal else 200)


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


class WithdrawEntry(ConfirmPage):
    """Takes an entry down."""

    capability = Capability.PUBLISH_ENTRIES
    action = Action.ENTRY_WITHDRAWN
    verb = "撤下目录"
    references = ("M.6",)
    stop = True
    found: CatalogueEntry

    def prepare(self, **kwargs: Any) -> None:
        found = desk_selectors.entry_to_publish(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.found = found

    def question(self) -> str:
        return f"撤下{self.found.name}第 {self.found.edition} 版？"

    def consequences(self) -> list[str]:
        if self.found.state == "PUBLISHED":
            return [
                "公开的证照目录里不再有这种证照，不能再收新的件",
                "已经制发的证照照旧有效",
                "不能恢复；要再用，由制发单位编制新的一版",
            ]
        return ["这一版不再公布，现行的一版照旧", "不能恢复；要再用，由制发单位编制新的一版"]

    def back(self) -> str:
        return reverse("licences:publishing-entry", args=[self.found.uuid])

    def carry_out(self) -> HttpResponse:
        catalogue.withdraw_entry(actor=self.actor, entry=self.found)
        messages.success(self.request, f"已撤下{self.found.name}")
        return redirect("licences:publishing")


def _publishing(entry: CatalogueEntry) -> dict[str, Any]:
    """The words of the panel before an entry is published."""
    beside = desk_selectors.in_force_beside(entry)
    consequences = [
        "公开的证照目录按这一版显示，新收的件按这一版采集和制证",
        "已经制发的证照不变，仍按制发时的那一版",
    ]
    if beside is not None:
        consequences.insert(1, f"现行的第 {beside.edition} 版记为“已被新版替代”")
    return {
        "question": f"公布{entry.name}第 {entry.edition} 版？",
        "consequences": consequences,
        "undo": "公布以后不能改，只能撤下，或由制发单位编制新的一版",
        "references": "M.5, P.2.1.1",
        "hands": "编制和公布要由两个人办理。",
        "verb": "公布",
        "back_words": "再看看，返回",
    }
