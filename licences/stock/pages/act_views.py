"""What is done with a whole sheet: hand in, give up, sign off, send back, stop and go on (M.10)."""

from collections.abc import Callable
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
from licences.stock.pages.rows import shares_of, steps_of
from licences.stock.pages.views import BatchView, spots_of
from zezhou_portal.pagekit.views import ConfirmPage
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


class _ConfirmBatch(BatchView, ConfirmPage):
    """Asks before an act on a whole sheet."""

    template_name = "licences/stock_confirm.html"
    batch: StockBatch

    def prepare(self, **kwargs: Any) -> None:
        self.batch = self.batch_of(kwargs["key"])

    def back(self) -> str:
        return reverse("licences:stock-sheet", args=[self.batch.uuid])

    def context(self) -> dict[str, Any]:
        return {"batch": self.batch}


class StockSubmit(_ConfirmBatch):
    """Hands a checked sheet to the signatory."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_SUBMITTED
    verb = "提交签批"
    references = ("M.7", "M.10")
    undo = "签批以前可以退回或作废"
    hands = "提交和签批要由两个人办理。"
    back_words = "再看看，返回"

    def question(self) -> str:
        return f"提交这份清单，请人签批 {self.batch.rows_convert:,} 行？"

    def consequences(self) -> list[str]:
        batch = self.batch
        rest = batch.rows_not_in_force + batch.rows_fault
        return [
            f"{batch.rows_convert:,} 行等本单位另一个人整批签批，签批以后转换成电子证照",
            f"另有 {rest:,} 行不转换：已不在有效期 {batch.rows_not_in_force:,} 行，"
            f"有问题 {batch.rows_fault:,} 行",
        ]

    def carry_out(self) -> HttpResponse:
        checking.submit(actor=self.actor, batch=self.batch)
        messages.success(
            self.request, "已提交，等另一个人签批\n签批以后自动转换，您可以在这一页看进度。"
        )
        return redirect(self.back())


class StockDrop(_ConfirmBatch):
    """Gives a sheet up."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_DROPPED
    verb = "作废清单"
    references = ("M.10",)
    undo = "清除以后找不回来，只留一条操作记录"
    back_words = "不作废，返回"
    stop = True

    def question(self) -> str:
        return f"作废“{self.batch.file_name}”？"

    def consequences(self) -> list[str]:
        return [
            f"{self.batch.rows_total:,} 行的核对结果和上传的文件一起清除",
            "证照库里的数据不变；同一个文件以后可以再上传",
        ]

    def carry_out(self) -> HttpResponse:
        batch = checking.drop(actor=self.actor, batch=self.batch)
        messages.success(self.request, f"“{batch.file_name}”已作废\n核对结果和文件已经清除。")
        return redirect("licences:stock")


class StockSignOff(_ConfirmBatch):
    """Another person looks the sheet over and signs it off as a whole, or sends it back."""

    capability = Capability.SIGN_OFF_STOCK
    asks_again = True
    action = Action.SHEET_SIGNED_OFF
    template_name = "licences/stock_sign_off.html"
    verb = "签批并转换"
    references = ("M.7", "M.10", "S.12")
    undo = "签批以后不能撤回，可以暂停转换；已转换的要改，逐份办理更正"
    hands = "提交和签批是两个人。"
    back_words = "先不签批，返回"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.state != "SUBMITTED":
            return redirect(self.back())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """POST `act`: `send_back` with remarks; otherwise the sign-off."""
        if request.POST.get("act") != "send_back":
            return super().post(request, *args, **kwargs)
        remarks = SendBackForm(request.POST)
        if not remarks.is_valid():
            self.remarks_form = remarks
            return self.ask(self.form_class(), status=422)
        words = remarks.cleaned_data["remarks"]
        checking.send_back(actor=self.actor, batch=self.batch, remarks=words)
        messages.success(request, f"“{self.batch.file_name}”已退回\n提交人会看到您的意见。")
        return redirect("licences:stock")

    def question(self) -> str:
        return f"签批这份清单，转换 {self.batch.rows_convert:,} 行？"

    def consequences(self) -> list[str]:
        seal, _ = _seal_or_why_not(self.batch)
        return _consequences(self.batch, seal)

    def carry_out(self) -> HttpResponse:
        batch = self.batch
        checking.sign_off(actor=self.actor, batch=batch)
        words = f"已签批，{batch.rows_convert:,} 行开始转换\n可以关闭页面，转换照常进行。"
        messages.success(self.request, words)
        return redirect(self.back())

    def context(self) -> dict[str, Any]:
        batch = self.batch
        is_own = self.account.pk in checking.hands_on(batch)
        _, why_not = _seal_or_why_not(batch)
        return {
            "batch": batch,
            "remarks_form": getattr(self, "remarks_form", None) or SendBackForm(),
            "problem": checking.SAME_HANDS if is_own else why_not,
            "is_own": is_own,
            "shares": shares_of(batch),
            "faults": stock.faults_of(batch),
            "gaps": stock.gaps_of(batch),
            "spots": spots_of(batch),
            "steps": steps_of(batch.state),
            "rows_url": self.back(),
        }


class _Conducting(BatchView):
    """POST: a word to a conversion that is under way, and what came of it."""

    capability = Capability.SIGN_OFF_STOCK
    http_method_names = ("post",)
    verb: Callable[..., StockBatch]
    told: str

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        self.verb(actor=self.actor, batch=self.batch_of(key))
        messages.info(request, self.told)
        return redirect("licences:stock-sheet", key=key)


class StopConversion(_Conducting):
    """Stops it between two chunks of rows."""

    action = Action.CONVERSION_STOPPED
    verb = staticmethod(checking.stop_conversion)
    told = "已暂停\n正在做的一小批做完就停。"


class ResumeConversion(_Conducting):
    """Lets a stopped one go on."""

    action = Action.CONVERSION_RESUMED
    verb = staticmethod(checking.resume_conversion)
    told = "继续转换\n从断点接着做。"


class StockHiddenRows(BatchView):
    """Checks the sheet again with the rows that the spreadsheet hides, or without them."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_CHECKED

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """POST `read`: yes or no."""
        batch = self.batch_of(key)
        reads = request.POST.get("read") == "yes"
        named = batch.judged_on if batch.mapping.get("is_day_given") else None
        checking.check(actor=self.actor, batch=batch, on=named, takes_hidden=reads)
        words = "隐藏的行也读了" if reads else "隐藏的行没有读"
        messages.info(request, f"{words}\n结论已经重新检查。")
        return redirect("licences:stock-sheet", key=key)


class StockTab(BatchView):
    """Takes in another sheet of the same workbook."""

    capability = Capability.IMPORT_STOCK
    action = Action.SHEET_RECEIVED

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """POST `tab`: its name."""
        batch = checking.take_in_tab(
            actor=self.actor, batch=self.batch_of(key), tab=request.POST.get("tab", "")[:200]
        )
        return redirect("licences:stock-columns", key=batch.uuid)


def _seal_or_why_not(batch: StockBatch) -> tuple[str, str]:
    """The name of the seal that the licences get, or why there is none."""
    try:
        return seal_for(batch.entry).name, ""
    except RuleBroken as refusal:
        return "", refusal.reason


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
