"""A proposed change of a holder: looked at, confirmed by another, or not, withdrawn (M.3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.pagekit.views import ConfirmPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders import proposing
from zezhou_portal.parties.holders.pages.forms import DeclineForm
from zezhou_portal.parties.holders.selectors import change_by_key
from zezhou_portal.parties.lifecycle import HOLDER_CHANGE
from zezhou_portal.parties.masking import mask_identity, mask_phone
from zezhou_portal.parties.models import HolderChange, IdentityType
from zezhou_portal.regulation.actions import Action

_EITHER = (Capability.ENTER_HOLDERS, Capability.CONFIRM_HOLDERS)
_VOICES = {"CONFIRMED": "done", "DECLINED": "back", "WITHDRAWN": ""}


class HolderChangePage(PortalView):
    """One proposal of one's own department: what stands, what is to stand, what may be done."""

    capability = _EITHER
    template_name = "parties/holder_change_proposed.html"
    change: HolderChange

    def prepare(self, **kwargs: Any) -> None:
        found = change_by_key(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.change = found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The page; names in full, since that is what is compared, numbers masked."""
        return self.render(_shown(self.change, self.actor.account_id))


class _OfAChange(ConfirmPage):
    """Asks before an act on a proposal of one's own department."""

    template_name = "parties/holder_change_confirm.html"
    references = ("M.3", "M.26")
    back_words = "再看看，返回"
    change: HolderChange

    def prepare(self, **kwargs: Any) -> None:
        found = change_by_key(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.change = found

    def back(self) -> str:
        return reverse("parties:holder-change", args=[self.change.uuid])

    def context(self) -> dict[str, Any]:
        return _shown(self.change, self.actor.account_id)

    def done(self, words: str) -> HttpResponse:
        """Says so, and back to the proposal."""
        messages.success(self.request, words)
        return redirect(self.back())


class ConfirmHolderChange(_OfAChange):
    """Changes the holder."""

    capability = Capability.CONFIRM_HOLDERS
    action = Action.HOLDER_CHANGED
    verb = "确认变更"
    hands = "提出和确认要由两个人办理。"

    def question(self) -> str:
        return f"变更“{self.change.holder.name}”的持证人信息？"

    def consequences(self) -> list[str]:
        return [
            "登记马上改成上面写的",
            "原来的和新的联系电话都会收到短信，本人登录也能看到",
            "已经制发的证照不变",
        ]

    def carry_out(self) -> HttpResponse:
        proposing.confirm_change(actor=self.actor, change=self.change)
        return self.done("持证人信息已变更\n本人会收到短信。")


class DeclineHolderChange(_OfAChange):
    """Leaves the holder as they are."""

    capability = Capability.CONFIRM_HOLDERS
    action = Action.HOLDER_CHANGE_DECLINED
    form_class = DeclineForm
    verb = "不予变更"

    def question(self) -> str:
        return f"不变更“{self.change.holder.name}”的持证人信息？"

    def consequences(self) -> list[str]:
        return ["登记不变", "提出的人收到您写的原因；补齐材料，可以再提出"]

    def carry_out(self) -> HttpResponse:
        remarks = self.given["remarks"]
        proposing.decline_change(actor=self.actor, change=self.change, remarks=remarks)
        return self.done("没有变更\n意见已告诉提出的人。")


class WithdrawHolderChange(_OfAChange):
    """Takes a proposal back."""

    capability = Capability.ENTER_HOLDERS
    action = Action.HOLDER_CHANGE_WITHDRAWN
    verb = "撤回"

    def question(self) -> str:
        return f"撤回“{self.change.holder.name}”的信息变更？"

    def consequences(self) -> list[str]:
        return ["登记不变", "提出和撤回都留在操作记录里；要办，可以再提出"]

    def carry_out(self) -> HttpResponse:
        proposing.withdraw_change(actor=self.actor, change=self.change)
        return self.done("已撤回\n登记不变。")


def _shown(change: HolderChange, account_id: int | None) -> dict[str, Any]:
    holder = change.holder
    open_ = change.state not in HOLDER_CHANGE.terminal
    number = ""
    if change.identity_number:
        label = IdentityType(change.identity_type).label
        number = f"{label} {mask_identity(change.identity_number)}"
    told = [
        ("名称或姓名", holder.name, change.name),
        ("联系电话", mask_phone(holder.phone) or "没有留", mask_phone(change.phone)),
        ("证件", "没有证件号码", number),
    ]
    return {
        "change": change,
        "voice": _VOICES.get(change.state, "open"),
        "is_open": open_,
        "is_own": change.proposed_by_id == account_id,
        # once decided, what stands is what came of it
        "rows": [(name, now if open_ else "", then) for name, now, then in told if then],
    }
