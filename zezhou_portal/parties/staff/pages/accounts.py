"""Accounts: opened and closed by the system administrator, unlocked and reset by security."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.filters import ChoiceFilter, ListFilter, SearchFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.responses import never_kept, not_found
from zezhou_portal.pagekit.views import ConfirmPage, FormPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.staff import accounts as verbs
from zezhou_portal.parties.staff import factors
from zezhou_portal.parties.staff.pages.forms import AccountForm
from zezhou_portal.parties.staff.selectors import accounts, accounts_named, is_named_person_of
from zezhou_portal.parties.waiting import rooms
from zezhou_portal.regulation.actions import Action

_ANY = (
    Capability.OPEN_ACCOUNTS,
    Capability.UNLOCK_ACCOUNTS,
    Capability.RESET_SECOND_FACTOR,
)


def _to_accounts() -> HttpResponse:
    return HttpResponseRedirect(reverse("parties:accounts"))


@dataclass(frozen=True)
class AccountRow:
    """An account as the list shows it."""

    account: Account
    locked: bool

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if not self.account.is_active:
            return "已停用"
        if self.locked:
            return "已锁"
        return "还没有改初始密码" if self.account.must_change_password else "在用"


class AccountFilter(ListFilter):
    """Which accounts."""

    q = SearchFilter("姓名、账号或单位", accounts_named)
    open = ChoiceFilter("状况", {"True": "在用", "False": "已停用"}, column="is_active")


class Accounts(ExportedListPage[Account]):
    """Every account and how it stands."""

    capability = _ANY
    template_name = "parties/accounts.html"
    title = "账号"
    filter_class = AccountFilter
    columns = (
        Column(
            "姓名、账号",
            sort="username",
            cell=lambda row: f"{row.account.name} {row.account.username}",
        ),
        Column("所在单位", sort="department__name", cell=lambda row: row.account.department.name),
        Column("状况", cell=lambda row: row.standing),
        Column("办理"),
    )
    order = ("-is_active", "username")
    order_words = "按账号，停用的在最后"
    unit = "个"
    counts = True
    no_match = Empty("没有这样的账号", "试试姓名里的字。", "users")

    def rows(self) -> "QuerySet[Account]":
        return accounts()

    def present(self, rows: Sequence[Account]) -> list[AccountRow]:
        now = clock.now()
        return [AccountRow(row, row.is_locked(now)) for row in rows]


class OpenAccount(FormPage):
    """A new account; the first password is shown once."""

    capability = Capability.OPEN_ACCOUNTS
    action = Action.ACCOUNT_OPENED
    template_name = "parties/open_account.html"
    form_class = AccountForm

    def carry_out(self, form: Form) -> HttpResponse:
        opened = verbs.open_account(actor=self.actor, **form.cleaned_data)
        return _shown_once(self, opened, "账号已开通")


class _OneAccount(ConfirmPage):
    """Finds the account that the address names."""

    subject: Account

    def prepare(self, **kwargs: Any) -> None:
        rows = Account.objects.select_related("department")
        self.subject = get_object_or_404(rows, uuid=kwargs["key"])

    def who(self) -> str:
        """The person, as the question names them."""
        return f"{self.subject.name}（{self.subject.username}）"

    def back(self) -> str:
        return reverse("parties:accounts")


class CloseAccount(_OneAccount):
    """A leaver's account."""

    capability = Capability.OPEN_ACCOUNTS
    action = Action.ACCOUNT_CLOSED
    verb = "停用"
    references = ("M.24", "M.25")
    stop = True

    def question(self) -> str:
        return f"停用{self.who()}的账号？"

    def consequences(self) -> list[str]:
        waiting = rooms.of_account(self.subject.pk)
        return [
            "马上退出登录，以后不能再登录。",
            "全部岗位和顶岗一起结束。",
            "办过的件和操作记录都留着。",
            *(f"名下 {work}没有办结，会通知岗位管理员移交。" for work in waiting),
            "停用后不能恢复，再来上班要另开账号。",
        ]

    def carry_out(self) -> HttpResponse:
        row = verbs.close_account(actor=self.actor, account=self.subject)
        messages.success(self.request, f"{row.name}的账号已停用")
        return _to_accounts()


class UnlockAccount(_OneAccount):
    """An account that locked after too many failures."""

    capability = Capability.UNLOCK_ACCOUNTS
    action = Action.ACCOUNT_UNLOCKED
    verb = "解锁"
    references = ("M.25",)

    def question(self) -> str:
        return f"解锁{self.who()}的账号？"

    def consequences(self) -> list[str]:
        return ["本人可以马上再登录。", "先当面或打电话问清楚，是不是本人在试。"]

    def carry_out(self) -> HttpResponse:
        row = verbs.unlock_account(actor=self.actor, account=self.subject)
        messages.success(self.request, f"{row.name}的账号已解锁")
        return _to_accounts()


class ResetSecondFactor(_OneAccount):
    """A phone that was lost or changed."""

    capability = Capability.RESET_SECOND_FACTOR
    asks_again = True
    action = Action.SECOND_FACTOR_RESET
    verb = "重置"
    references = ("M.25",)

    def question(self) -> str:
        return f"重置{self.who()}的动态口令？"

    def consequences(self) -> list[str]:
        return [
            "旧手机上的口令马上失效。",
            "本人下次登录时用新手机重新绑定。",
            "先当面核对本人，不要只凭电话。",
            "本人和本单位指定专人会收到消息；绑定新手机后 24 小时内不能签发，指定专人核实的除外。",
            "您 7 天内重置过他的密码的，这一样要由另一位安全管理员办理。",
        ]

    def carry_out(self) -> HttpResponse:
        row = factors.reset_second_factor(actor=self.actor, account=self.subject)
        messages.success(self.request, f"{row.name}的动态口令已重置")
        return _to_accounts()


class ResetPassword(_OneAccount):
    """A password that was forgotten."""

    capability = Capability.UNLOCK_ACCOUNTS
    asks_again = True
    action = Action.PASSWORD_RESET
    verb = "重置"
    references = ("M.25",)

    def question(self) -> str:
        return f"重置{self.who()}的密码？"

    def consequences(self) -> list[str]:
        return [
            "旧密码马上失效，登录着的会退出。",
            "新的初始密码只显示一次，请当面交给本人。",
            "本人登录后须马上改密码。",
            "本人和本单位指定专人会收到消息。",
            "您 7 天内重置过他的动态口令的，这一样要由另一位安全管理员办理。",
        ]

    def carry_out(self) -> HttpResponse:
        opened = factors.reset_password(actor=self.actor, account=self.subject)
        return _shown_once(self, opened, "密码已重置")


class VouchSecondFactor(_OneAccount):
    """A phone that was just bound: the department's named person says whose it is."""

    capability = None
    asks_again = True
    signed_in = "because a named person holds any role; only the one of this department finds it"
    action = Action.SECOND_FACTOR_VOUCHED
    verb = "核实是本人"
    references = ("M.24", "M.25")

    def prepare(self, **kwargs: Any) -> None:
        super().prepare(**kwargs)
        if not is_named_person_of(self.actor.account_id, self.subject.department_id):
            raise not_found()

    def question(self) -> str:
        return f"{self.who()}新绑定的动态口令，核实是本人绑定的？"

    def consequences(self) -> list[str]:
        return [
            "本人马上可以签发。",
            "先当面看本人手机上的口令，不要只凭电话。",
            "本人说没有绑定的，不要核实，马上告诉县行政审批服务管理局。",
        ]

    def back(self) -> str:
        return reverse("parties:inbox")

    def carry_out(self) -> HttpResponse:
        row = factors.vouch_second_factor(actor=self.actor, account=self.subject)
        messages.success(self.request, f"{row.name}的动态口令已核实\n现在可以签发。")
        return HttpResponseRedirect(self.back())


def _shown_once(page: PortalView, opened: verbs.Opened, done: str) -> HttpResponse:
    context = {"opened": opened, "done": done}
    return never_kept(page.render(context, template="parties/first_password.html"))
