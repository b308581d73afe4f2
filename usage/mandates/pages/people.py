"""Who may act for whom: the list, switching to another's place, ending in one step (M.20)."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from usage.mandates.children import choose
from usage.mandates.pages import presenter
from usage.mandates.pages.presenter import MandateRow
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.lists import ListPage
from zezhou_portal.pagekit.views import ConfirmPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.identity.session import ACTING_FOR
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.selectors import (
    BY_RELATION,
    NEWEST_FIRST,
    mandates_given_now,
    mandates_held,
    mandates_of,
    mandates_over,
    mandates_proposed_to,
)
from zezhou_portal.parties.mandates.window import agree_to_mandate
from zezhou_portal.parties.models import HolderKind, Mandate, MandateKind
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_SHOWN = 5
# How long a mandate that has ended stays on the page (ours).
_LATELY = timedelta(days=90)


def to_people() -> HttpResponse:
    """Back to the list."""
    return HttpResponseRedirect(reverse("usage:people"))


class People(ListPage[Mandate]):
    """In whose place I may act, who may act for me, and what has ended lately."""

    holder = "because everybody sees the mandates that concern them"
    template_name = "usage/mandates/people.html"
    title = "我能替谁办"
    order = BY_RELATION
    size = 10
    unit = "位"

    def rows(self) -> "QuerySet[Mandate]":
        return mandates_held(self.holder_session.person.pk, clock.today())

    def present(self, rows: Sequence[Mandate]) -> list[MandateRow]:
        here, today = self.holder_session, clock.today()
        return [presenter.held(row, today, current=here.mandate) for row in rows]

    def context(self) -> dict[str, Any]:
        here, today = self.holder_session, clock.today()
        given = list(mandates_given_now(self.actor)[: _SHOWN + 1])
        over = mandates_over(self.actor, today - _LATELY)[:_SHOWN]
        return {
            "here": here,
            "given": [presenter.given(row, today) for row in given[:_SHOWN]],
            "proposed": [
                presenter.proposed(row, today) for row in mandates_proposed_to(self.actor)[:_SHOWN]
            ],
            "more_given": len(given) > _SHOWN,
            "over": [presenter.over(row, today, here.person.pk) for row in over],
            "may_give": self.actor.has(Capability.GIVE_MANDATES.value),
            "is_person": here.principal.kind == HolderKind.NATURAL_PERSON,
        }


class Given(ListPage[Mandate]):
    """Everybody who may act for the one in whose place I act, page by page."""

    holder = "because a holder sees who may act for them"
    template_name = "usage/mandates/given.html"
    title = "谁能替我办"
    order = NEWEST_FIRST
    unit = "位"

    def rows(self) -> "QuerySet[Mandate]":
        return mandates_given_now(self.actor)

    def present(self, rows: Sequence[Mandate]) -> list[MandateRow]:
        today = clock.today()
        return [presenter.given(row, today) for row in rows]

    def context(self) -> dict[str, Any]:
        return {"here": self.holder_session}


class Switch(PortalView):
    """Acts in another's place from now on, or for oneself again (POST `mandate`)."""

    holder = "because a person acts in the place that their own mandates give"
    action = Action.PRINCIPAL_CHOSEN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """To the wallet of whoever was chosen; 404 for what is not one's own or has ended."""
        key = request.POST.get("mandate", "").strip()
        mandate = self._own(key) if key else None
        try:
            choose(actor=self.actor, mandate=mandate)
        except RuleBroken as refusal:
            messages.error(request, f"{refusal.reason}\n没有切换。")
            return to_people()
        if mandate is None:
            request.session.pop(ACTING_FOR, None)
            messages.success(request, "现在办的是您自己的证照")
        else:
            request.session[ACTING_FOR] = str(mandate.uuid)
            messages.success(request, f"现在代{mandate.principal.name}办")
        return HttpResponseRedirect(reverse("usage:wallet"))

    def _own(self, key: str) -> Mandate:
        try:
            uuid_ = uuid.UUID(key)
        except ValueError:
            raise Http404 from None
        rows = mandates_held(self.holder_session.person.pk, clock.today())
        found = rows.filter(uuid=uuid_).first()
        if found is None:
            raise Http404
        return found


class EndMandate(ConfirmPage):
    """Ends a mandate that one gave, or gives back one that one has."""

    holder = "because a mandate ends by either side's word"
    action = Action.MANDATE_ENDED
    template_name = "usage/wallet/confirm.html"
    frame = "shell/holder.html"
    references = ("M.20",)
    mandate: Mandate

    def prepare(self, **kwargs: Any) -> None:
        """Finds the mandate among those that concern the person, or a 404."""
        found = mandates_of(self.actor).filter(uuid=kwargs["key"]).first()
        if found is None:
            raise Http404
        self.mandate = found

    @property
    def _gives_back(self) -> bool:
        return self.mandate.agent_id == self.holder_session.person.pk

    @property
    def verb(self) -> str:  # type: ignore[override]
        """What the button says."""
        if self.mandate.is_proposed:
            return "不同意"
        return "退回代办" if self._gives_back else "结束代办"

    def question(self) -> str:
        row = self.mandate
        if row.is_proposed:
            return f"不同意由{row.agent.name}代您办？"
        if self._gives_back:
            return f"退回，不再代{row.principal.name}办？"
        return f"结束{row.agent.name}的代办？"

    def consequences(self) -> list[str]:
        """What happens, at once."""
        row = self.mandate
        if row.is_proposed:
            return [
                "窗口的登记作废，不会生效。",
                "登记的窗口会收到消息。",
                "觉得有人冒用您的名义，请拨打 12345，或者找县行政审批服务管理局。",
            ]
        who = "您" if self._gives_back else row.agent.name
        said = [
            f"{who}马上不能再查看、出示{row.principal.name}的证照，正在出示的也同时停止。",
            "证照本身不变，已经出示过的记录都在。",
            "双方都会收到消息。",
        ]
        again = "父母可以再添加，或者到窗口登记。"
        if row.kind != MandateKind.GUARDIAN:
            again = "以后需要，可以再委托。"
        return [*said, again]

    def back(self) -> str:
        return reverse("usage:people")

    def context(self) -> dict[str, Any]:
        return {"here": "mine"}

    def carry_out(self) -> HttpResponse:
        row = end_mandate(actor=self.actor, mandate=self.mandate)
        if self.request.session.get(ACTING_FOR) == str(row.uuid):
            self.request.session.pop(ACTING_FOR)
        if row.state != "CONFIRMED":
            messages.success(self.request, "已经不同意，窗口的登记作废\n登记的窗口会收到消息。")
        else:
            messages.success(self.request, f"已经结束：{presenter.both(row)}\n双方都会收到消息。")
        return to_people()


class AgreeToMandate(ConfirmPage):
    """The principal agrees to what a window proposed in their name."""

    holder = "because a person agrees to who acts for them"
    action = Action.MANDATE_AGREED
    template_name = "usage/wallet/confirm.html"
    frame = "shell/holder.html"
    references = ("M.20",)
    verb = "同意委托"
    mandate: Mandate

    def prepare(self, **kwargs: Any) -> None:
        """Finds the proposal among those made to the person, or a 404."""
        found = mandates_proposed_to(self.actor).filter(uuid=kwargs["key"]).first()
        if found is None:
            raise Http404
        self.mandate = found

    def question(self) -> str:
        return f"同意由{self.mandate.agent.name}代您办？"

    def consequences(self) -> list[str]:
        """What happens, at once."""
        shown = presenter.proposed(self.mandate, clock.today())
        return [
            f"{self.mandate.agent.name}用自己的实名登录，切换到您，可以{shown.powers}，{shown.until}。",
            "每次出示，您的“使用记录”里都看得到。",
            "您随时可以结束，马上生效。",
        ]

    def back(self) -> str:
        return reverse("usage:people")

    def context(self) -> dict[str, Any]:
        return {"here": "mine"}

    def carry_out(self) -> HttpResponse:
        row = agree_to_mandate(actor=self.actor, mandate=self.mandate)
        messages.success(self.request, f"已经同意：{presenter.both(row)}\n双方都会收到消息。")
        return to_people()
