"""One licence as its holder sees it: face, files, marked copies, the switch (M.20, S.10)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from licences import values
from licences.data_items import items_of
from licences.models import Licence
from licences.production.face.inputs import CannotDraw
from licences.production.rendering import entry_of, pages_of, picture_of
from licences.register.pages.licence_views import facts_of, packed
from usage.models import PurposeCopy
from usage.presenting import switching
from usage.verifying.purpose_copies import is_running
from usage.wallet import copies
from usage.wallet import reading as holder_reading
from usage.wallet.pages.cards import card_of
from usage.wallet.pages.forms import CopyForm
from usage.wallet.selectors import card, copies_of, present_version
from zezhou_portal.pagekit.responses import OFD, PDF, attachment, never_kept, not_found
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

OWN = "because a licence is opened by who holds it"
# A face with nothing masked is never kept by a browser: phones are lent and lost (ours, M.26).
_MOST_PAGES = 100


class CardView(PortalView):
    """A view of one licence of one's own: a neighbour's is as little there as none."""

    holder = OWN
    licence: Licence

    def prepare(self, **kwargs: Any) -> None:
        found = card(self.actor, kwargs["key"])
        if found is None:
            raise not_found()
        self.licence = found

    def head(self, here: str) -> dict[str, Any]:
        """What every page of a card begins with."""
        return {
            "card": card_of(self.licence, self.actor),
            "licence": self.licence,
            "here": here,
            "may_copy": self.actor.has(Capability.TAKE_OWN_COPIES.value),
            "may_show": self.actor.has(Capability.PRESENT_OWN_LICENCES.value),
        }

    def back(self) -> str:
        return reverse("usage:card", args=[self.licence.uuid])


class CardPage(CardView):
    """The face large, with nothing masked; state, marks, files. Opening it is on the record."""

    template_name = "usage/wallet/card.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        holder_reading.open_card(actor=self.actor, licence=self.licence)
        version = present_version(self.licence)
        entry = entry_of(version)
        items = items_of(entry.items)
        facts = facts_of(version, items, values.thaw(version.frozen["values"]))
        answer = self.render(
            {
                **self.head("card"),
                "version": version,
                "pages": range(1, pages_of(version, entry) + 1) if version.is_made else (),
                "paper": entry.layout["page"],
                "facts": facts,
                "conditions": entry.conditions,
            }
        )
        return never_kept(answer)


class CardFace(CardView):
    """One page of the face as SVG."""

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        """GET `page` (from 1)."""
        text = request.GET.get("page", "1")
        page = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
        version = present_version(self.licence)
        if not version.is_made or not 0 < page < _MOST_PAGES:
            raise not_found()
        try:
            picture = picture_of(version, entry_of(version), page=page - 1, whole=True)
        except (CannotDraw, IndexError) as fault:
            raise not_found() from fault
        answer = packed(request, picture)
        return never_kept(answer)


class CardFile(CardView):
    """POST: the sealed OFD, on the record (M.25)."""

    action = Action.FILE_DOWNLOADED
    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        try:
            data = holder_reading.take_file(actor=self.actor, licence=self.licence)
        except RuleBroken as refusal:
            return self._refused(refusal)
        return attachment(data, f"{_file_name(self.licence)}.ofd", OFD)

    def _refused(self, refusal: RuleBroken) -> HttpResponse:
        messages.error(self.request, refusal.reason)
        return redirect(self.back())


class CardCopy(CardFile):
    """POST: the reading copy as PDF, on the record (S.10)."""

    action = Action.COPY_MADE

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        try:
            data = holder_reading.take_copy(actor=self.actor, licence=self.licence)
        except RuleBroken as refusal:
            return self._refused(refusal)
        return attachment(data, f"{_file_name(self.licence)}_阅览件.pdf", PDF)


class Copies(CardView, FormPage):
    """A form for one more purpose-marked copy, and those that were made."""

    action = Action.PURPOSE_COPY_MADE
    template_name = "usage/wallet/copies.html"
    form_class = CopyForm

    def initial(self) -> dict[str, Any]:
        return CopyForm.at_first()

    def context(self) -> dict[str, Any]:
        rows = list(copies_of(self.licence, self.holder_session.principal.pk)[:50])
        return {
            **self.head("card"),
            "copies": [(row, is_running(row)) for row in rows],
        }

    def carry_out(self, form: Any) -> HttpResponse:
        given = form.cleaned_data
        made = copies.make(
            actor=self.actor,
            licence=self.licence,
            purpose=given["purpose"],
            expires_on=given["expires_on"],
        )
        messages.success(
            self.request,
            f"加注件做好了：仅限{made.purpose}使用\n在下面“做过的加注件”里保存 PDF，再发给对方。",
        )
        return redirect("usage:copies", key=self.licence.uuid)


class OwnCopyView(CardView):
    """A view of one purpose-marked copy of one's own."""

    copy: PurposeCopy

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        rows = copies_of(self.licence, self.holder_session.principal.pk)
        self.copy = get_object_or_404(rows.select_related("licence"), uuid=kwargs["copy"])


class CopyFile(OwnCopyView):
    """POST: a purpose-marked copy as PDF, on the record (S.10)."""

    action = Action.PURPOSE_COPY_TAKEN
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        """The PDF; back to the list with the reason where it may not be used any more."""
        try:
            data = copies.take(actor=self.actor, copy=self.copy)
        except RuleBroken as refusal:
            messages.error(request, refusal.reason)
            return redirect("usage:copies", key=self.licence.uuid)
        name = f"{self.licence.kind_name}_仅限{self.copy.purpose}使用.pdf"
        return attachment(data, name, PDF)


class _Confirm(ConfirmPage):
    """A confirm page in the holder's frame."""

    template_name = "usage/wallet/confirm.html"
    frame = "shell/holder.html"

    def context(self) -> dict[str, Any]:
        return {"here": "wallet"}


class EndCopy(OwnCopyView, _Confirm):
    """Ends a purpose-marked copy before its last day."""

    verb = "作废"
    references = ("S.10",)
    stop = True

    def question(self) -> str:
        return f"作废“仅限{self.copy.purpose}使用”的加注件？"

    def consequences(self) -> list[str]:
        return [
            "从现在起，扫这份加注件上的二维码会显示“已经作废”。",
            "对方手里的纸或者文件收不回来，但是查验不会通过。",
            "证照本身没有变化；需要时可以再做一份。这一步不能撤回。",
        ]

    def back(self) -> str:
        return reverse("usage:copies", args=[self.licence.uuid])

    def carry_out(self) -> HttpResponse:
        copies.end(actor=self.actor, copy=self.copy)
        messages.success(self.request, f"已作废“仅限{self.copy.purpose}使用”的加注件")
        return redirect(self.back())


class SwitchOff(CardView, _Confirm):
    """Closes a licence for presentation."""

    verb = "关闭亮证"
    references = ("P.2.3.3",)

    def question(self) -> str:
        return f"关闭{self.licence.kind_name}的亮证？"

    def consequences(self) -> list[str]:
        is_shared = bool(card_of(self.licence, self.actor).together)
        shared = (
            "只关闭您这一方，不影响共同持有人亮证。"
            if is_shared
            else "没有登录的人扫照面上的二维码，也看不到这份证照的内容。"
        )
        return [
            "不能用这份证照亮证；正在亮的码，对方再扫会显示“已关闭”。",
            shared,
            "制发单位和办事窗口依法查验不受影响，证照仍然有效。",
            "随时可以再打开。",
        ]

    def carry_out(self) -> HttpResponse:
        switching.switch_off(actor=self.actor, licence=self.licence)
        messages.success(
            self.request, f"已关闭{self.licence.kind_name}的亮证\n要用时在这一页打开。"
        )
        return redirect(self.back())


class SwitchOn(CardView, _Confirm):
    """Opens a licence for presentation again."""

    verb = "打开亮证"
    references = ("P.2.3.3",)

    def question(self) -> str:
        return f"打开{self.licence.kind_name}的亮证？"

    def consequences(self) -> list[str]:
        return ["可以用这份证照亮证；每次亮给谁看，由您决定。", "随时可以再关闭。"]

    def carry_out(self) -> HttpResponse:
        switching.switch_on(actor=self.actor, licence=self.licence)
        messages.success(self.request, f"已打开{self.licence.kind_name}的亮证")
        return redirect(self.back())


def _file_name(licence: Licence) -> str:
    return f"{licence.kind_name}_{licence.number}"
