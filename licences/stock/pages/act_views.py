"""What is done with a whole sheet: hand in, give up, sign off, send back, stop and go on (M.10)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from licences.models import StockBatch
from licences.register.entering import seal_for
from licences.stock import checking
from licences.stock import selectors as stock
from licences.stock.pages.forms import SendBackForm
from licences.stock.pages.rows import handing_in, shares_of, steps_of
from licences.stock.pages.views import SheetView, spots_of
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


class _Confirmed(SheetView):
    """An act that is carried out once its consequences were read and confirmed."""

    template_name = "licences/stock_confirm.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        return self.ask(self.sheet(key))

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        batch = self.sheet(key)
        if request.POST.get("confirmed") != "yes":
            return self.ask(batch)
        return self.carry_out(batch)

    def ask(self, batch: StockBatch) -> HttpResponse:
        """The page that asks."""
        back = reverse("licences:stock-sheet", args=[batch.uuid])
        return self.render(
            {"batch": batch, "action": self.request.path, "back": back, **self.question(batch)}
        )

    def question(self, batch: StockBatch) -> dict[str, Any]:
        raise NotImplementedError

    def carry_out(self, batch: StockBatch) -> HttpResponse:
        raise NotImplementedError


class StockSubmit(_Confirmed):
    """Hands a checked sheet to the signatory."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_SUBMITTED

    def question(self, batch: StockBatch) -> dict[str, Any]:
        """See `_handing_in`."""
        return handing_in(batch)

    def carry_out(self, batch: StockBatch) -> HttpResponse:
        checking.submit(actor=self.actor, batch=batch)
        messages.success(
            self.request, "已提交，等另一个人签批\n签批以后自动转换，您可以在这一页看进度。"
        )
        return redirect("licences:stock-sheet", key=batch.uuid)


class StockDrop(_Confirmed):
    """Gives a sheet up."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_DROPPED

    def question(self, batch: StockBatch) -> dict[str, Any]:
        return {
            "question": f"作废“{batch.file_name}”？",
            "consequences": [
                f"{batch.rows_total:,} 行的核对结果和上传的文件一起清除",
                "证照库里的数据不变；同一个文件以后可以再上传",
            ],
            "undo": "清除以后找不回来，只留一条操作记录",
            "references": "M.10",
            "verb": "作废清单",
            "back_words": "不作废，返回",
            "stop": True,
        }

    def carry_out(self, batch: StockBatch) -> HttpResponse:
        checking.drop(actor=self.actor, batch=batch)
        messages.success(self.request, f"“{batch.file_name}”已作废\n核对结果和文件已经清除。")
        return redirect("licences:stock")


class StockSignOff(SheetView):
    """Another person looks the sheet over and signs it off as a whole, or sends it back."""

    capability = Capability.SIGN_OFF_STOCK
    action = Action.SHEET_SIGNED_OFF
    template_name = "licences/stock_sign_off.html"

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG002
        batch = self.sheet(key)
        if batch.state != "SUBMITTED":
            return redirect("licences:stock-sheet", key=key)
        return self._show(batch, SendBackForm())

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """POST `act`: `send_back` with remarks; otherwise the sign-off."""
        batch = self.sheet(key)
        if request.POST.get("act") != "send_back":
            checking.sign_off(actor=self.actor, batch=batch)
            words = f"已签批，{batch.rows_convert:,} 行开始转换\n可以关闭页面，转换照常进行。"
            messages.success(request, words)
            return redirect("licences:stock-sheet", key=key)
        form = SendBackForm(request.POST)
        if form.is_valid():
            remarks = form.cleaned_data["remarks"]
            checking.send_back(actor=self.actor, batch=batch, remarks=remarks)
            messages.success(request, f"“{batch.file_name}”已退回\n提交人会看到您的意见。")
            return redirect("licences:stock")
        return self._show(batch, form, status=422)

    def _show(self, batch: StockBatch, form: SendBackForm, *, status: int = 200) -> HttpResponse:
        own = self.account.pk in checking.hands_on(batch)
        problem = ""
        seal_name = ""
        try:
            seal_name = seal_for(batch.entry).name
        except RuleBroken as refusal:
            problem = refusal.reason
        context = {
            "batch": batch,
            "form": form,
            "problem": checking.SAME_HANDS if own else problem,
            "is_own": own,
            "shares": shares_of(batch),
            "faults": stock.faults_of(batch),
            "spots": spots_of(batch),
            "steps": steps_of(batch.state),
            "question": f"签批这份清单，转换 {batch.rows_convert:,} 行？",
            "consequences": _consequences(batch, seal_name),
            "action": self.request.path,
        }
        return self.render(context, status=status)


class StockHold(SheetView):
    """Stops a running conversion between two chunks of rows, or lets it go on."""

    capability = Capability.SIGN_OFF_STOCK
    action = Action.SHEET_SIGNED_OFF

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """POST `stop`: yes or no."""
        stop = request.POST.get("stop") == "yes"
        checking.hold(actor=self.actor, batch=self.sheet(key), is_stopped=stop)
        words = "已暂停\n正在做的一小批做完就停。" if stop else "继续转换\n从断点接着做。"
        messages.info(request, words)
        return redirect("licences:stock-sheet", key=key)


def _consequences(batch: StockBatch, seal_name: str) -> list[str]:
    rest = batch.rows_not_in_force + batch.rows_fault
    return [
        f"{batch.rows_convert:,} 行各成一份{batch.entry.name}电子证照，以存量记入证照库",
        f"同时批准用印 {batch.rows_convert:,} 次，印章是“{seal_name}”；签章完成，证照才生效",
        "生效的证照逐份报送市电子证照管理平台",
        "到转换那天有效期已经届满的行不转换，记为已不在有效期",
        f"其余 {rest:,} 行不转换：已不在有效期 {batch.rows_not_in_force:,} 行，"
        f"有问题 {batch.rows_fault:,} 行",
    ]
