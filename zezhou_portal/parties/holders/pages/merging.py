"""Two holders found to be one person: proposed, looked at, confirmed by another, or not (M.3)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders import merging
from zezhou_portal.parties.holders.pages.forms import DeclineForm, MergeForm
from zezhou_portal.parties.holders.pages.views import identity_shown, shown
from zezhou_portal.parties.holders.selectors import holder_by_key, merge_by_key, open_merge_of
from zezhou_portal.parties.lifecycle import MERGE
from zezhou_portal.parties.models import Holder, HolderMerge
from zezhou_portal.regulation.actions import Action

_EITHER = (Capability.ENTER_HOLDERS, Capability.CONFIRM_HOLDERS)
_VOICES = {"CONFIRMED": "done", "DECLINED": "back", "WITHDRAWN": ""}


class ProposeMerge(FormPage):
    """Says of a holder without a number whom they are; shows nothing of either in full."""

    capability = Capability.ENTER_HOLDERS
    action = Action.MERGE_PROPOSED
    template_name = "parties/merge_propose.html"
    form_class = MergeForm
    found: Holder

    def prepare(self, **kwargs: Any) -> None:
        found = holder_by_key(self.actor, kwargs["key"])
        if found is None or found.same_as_id is not None or found.identity_number:
            raise not_found()
        self.found = found

    def context(self) -> dict[str, Any]:
        return {"row": shown(self.found), "waiting": open_merge_of(self.actor, self.found)}

    def carry_out(self, form: forms.Form) -> HttpResponse:
        merge = merging.propose_merge(actor=self.actor, holder=self.found, **form.cleaned_data)
        messages.success(self.request, "已提出，等另一个人确认\n确认以前，两份登记都不变。")
        return redirect("parties:merge", key=merge.uuid)


class MergePage(PortalView):
    """One proposal of one's own department: both holders, the ground, what may be done."""

    capability = _EITHER
    template_name = "parties/merge.html"
    merge: HolderMerge

    def prepare(self, **kwargs: Any) -> None:
        found = merge_by_key(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.merge = found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The page; names in full, since that is what is compared, numbers masked."""
        return self.render(_shown(self.merge, self.actor.account_id))


class _OfAMerge(ConfirmPage):
    """Asks before an act on a proposal of one's own department."""

    template_name = "parties/merge_confirm.html"
    references = ("M.3",)
    back_words = "再看看，返回"
    merge: HolderMerge

    def prepare(self, **kwargs: Any) -> None:
        found = merge_by_key(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.merge = found

    def back(self) -> str:
        return reverse("parties:merge", args=[self.merge.uuid])

    def context(self) -> dict[str, Any]:
        return _shown(self.merge, self.actor.account_id)


class ConfirmMerge(_OfAMerge):
    """Finds that the two are one."""

    capability = Capability.CONFIRM_HOLDERS
    action = Action.MERGE_CONFIRMED
    verb = "认定为同一人"
    undo = "认定以后不能撤销"
    hands = "提出和确认要由两个人办理。"

    def question(self) -> str:
        return f"认定“{self.merge.merged.name}”和“{self.merge.staying.name}”是同一持证人？"

    def consequences(self) -> list[str]:
        return [
            "两份登记名下的证照都归到有证件号码的那一位，本人登录就能看到",
            "已经制发的证照、照面和以前的操作记录都不变，也不删除",
            "市平台退回过其证照的，由采集员改正后另报",
        ]

    def carry_out(self) -> HttpResponse:
        merging.confirm_merge(actor=self.actor, merge=self.merge)
        messages.success(self.request, "已认定为同一持证人\n证照都在有证件号码的那一位名下。")
        return redirect(self.back())


class DeclineMerge(_OfAMerge):
    """Finds that the two are not shown to be one."""

    capability = Capability.CONFIRM_HOLDERS
    action = Action.MERGE_DECLINED
    form_class = DeclineForm
    verb = "不予认定"

    def question(self) -> str:
        return f"不认定“{self.merge.merged.name}”和“{self.merge.staying.name}”是同一持证人？"

    def consequences(self) -> list[str]:
        return ["两份登记都不变", "提出的人收到消息；有新的依据，可以再提出"]

    def carry_out(self) -> HttpResponse:
        merging.decline_merge(
            actor=self.actor, merge=self.merge, remarks=self.given["remarks"]
        )  # fmt: skip
        messages.success(self.request, "没有认定\n意见已告诉提出的人。")
        return redirect(self.back())


class WithdrawMerge(_OfAMerge):
    """Takes a mistaken proposal back."""

    capability = Capability.ENTER_HOLDERS
    action = Action.MERGE_WITHDRAWN
    verb = "撤回"

    def question(self) -> str:
        return f"撤回“{self.merge.merged.name}”的同一持证人认定？"

    def consequences(self) -> list[str]:
        return ["两份登记都不变", "提出和撤回都留在操作记录里；要办，可以再提出"]

    def carry_out(self) -> HttpResponse:
        merging.withdraw_merge(actor=self.actor, merge=self.merge)
        messages.success(self.request, "已撤回\n两份登记都不变。")
        return redirect(self.back())


def _shown(merge: HolderMerge, account_id: int | None) -> dict[str, Any]:
    return {
        "merge": merge,
        "voice": _VOICES.get(merge.state, "open"),
        "is_open": merge.state not in MERGE.terminal,
        "is_own": merge.proposed_by_id == account_id,
        "people": [("没有号码的登记", _of(merge.merged)), ("有号码的登记", _of(merge.staying))],
    }


def _of(holder: Holder) -> dict[str, Any]:
    """A holder as whoever compares two sees them: the name in full, numbers masked."""
    return {
        "name": holder.name,
        "kind": holder.get_kind_display(),
        "reason": holder.no_number_reason,
        "entered_at": holder.entered_at,
        **identity_shown(holder),
    }
