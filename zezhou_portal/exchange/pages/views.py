"""The exchange desk: what waits, what the city said, what a person has to send again (M.8)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zezhou_portal.exchange import selectors
from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.exchange.models import Attempt, Outbound, Receipt
from zezhou_portal.exchange.services.resending import mend, resend
from zezhou_portal.exchange.topics import TOPICS, Topic, topic_of
from zezhou_portal.kernel import clock
from zezhou_portal.pagekit.filters import ChoiceFilter, DayFilter, ListFilter
from zezhou_portal.pagekit.lists import Column, Empty, ExportedListPage
from zezhou_portal.pagekit.timeline import Event
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

_MOST_ATTEMPTS = 30
_VOICES = {"ACCEPTED": "done", "REFUSED": "back", "GIVEN_UP": "back"}
_ENDINGS = {
    "taken": "市平台已收下",
    "there": "市平台此前已收到",
    "again": "没有送到，会再试",
    "never": "市平台退回",
}


@dataclass(frozen=True)
class MessageRow:
    """A message as the desk shows it."""

    message: Outbound
    topic: Topic

    @property
    def voice(self) -> str:
        """How the step is shown."""
        return _VOICES.get(self.message.state, "")

    @property
    def may_resend(self) -> bool:
        """Whether the table allows to send it again."""
        return OUTBOUND.may(self.message.state, "resend")

    @property
    def may_mend(self) -> bool:
        """Whether the table allows to post another in its place."""
        return OUTBOUND.may(self.message.state, "mend")

    @property
    def answer(self) -> str:
        """The city's reason, or what went wrong on the way."""
        return self.message.city_reason or self.message.last_error


class MessageFilter(ListFilter):
    """Which of a department's messages."""

    state = ChoiceFilter("状态", OUTBOUND.labels, column="state")
    topic = ChoiceFilter("种类", [(one.code, one.words) for one in TOPICS.values()], column="topic")
    first = DayFilter("生成，从", "posted_at")
    last = DayFilter("生成，到", "posted_at", until=True)


class Messages(ExportedListPage[Outbound]):
    """A department's messages, those that need a person first in the figures."""

    capability = Capability.WATCH_EXCHANGE
    template_name = "exchange/messages.html"
    title = "与市平台往来"
    filter_class = MessageFilter
    columns = (
        Column("证照", cell=lambda row: row.message.subject_label),
        Column("种类", cell=lambda row: row.topic.words),
        Column("到哪一步", cell=lambda row: row.message.get_state_display()),
        Column("市平台的答复", cell=lambda row: row.answer),
        Column(
            "生成",
            sort="posted_at",
            falls=True,
            css="zz-n",
            cell=lambda row: row.message.posted_at,
        ),
    )
    order = ("-posted_at", "-id")
    unit = "件"
    nothing = Empty(
        "还没有推送过", "证照制成生效后，会自动推送到市平台，出现在这里。", "arrow-left-right"
    )
    no_match = Empty("没有这样的推送", "换一个状态或种类再看。", "arrow-left-right")

    def rows(self) -> "QuerySet[Outbound]":
        return selectors.visible_to(self.actor).defer("content")

    def present(self, rows: Sequence[Outbound]) -> list[MessageRow]:
        return [MessageRow(row, topic_of(row.topic)) for row in rows]

    def context(self) -> dict[str, Any]:
        mine = self.rows()
        counts = selectors.counts_by_state(mine)
        oldest = selectors.oldest_unanswered(mine)
        return {
            "counts": {code: counts.get(code, 0) for code in selectors.OPEN},
            "oldest": oldest,
            "oldest_age": clock.now() - oldest if oldest else None,
        }


class Message(PortalView):
    """One message: where it stands, what the city answered, every try. Never its content."""

    capability = Capability.WATCH_EXCHANGE
    template_name = "exchange/message.html"

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:  # noqa: ARG002
        """The page; a neighbour's message is not found."""
        mine = (
            selectors.visible_to(self.actor)
            .select_related("department", "mends", "mended_by")
            .defer("content", "mends__content", "mended_by__content")
        )
        row = get_object_or_404(mine, uuid=key)
        return self.render(_shown(row))


class Resend(PortalView):
    """Puts a message back in the queue."""

    capability = Capability.RESEND_MESSAGES
    action = Action.MESSAGE_RESENT
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        row = get_object_or_404(selectors.visible_to(self.actor).only("uuid"), uuid=key)
        try:
            resend(actor=self.actor, message_uuid=row.uuid)
        except RuleBroken as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, "已重新排进推送队列\n市平台答复后，这里会更新。")
        return HttpResponseRedirect(reverse("exchange:message", args=[key]))


class Mend(PortalView):
    """Posts a new message in the place of a refused one."""

    capability = Capability.RESEND_MESSAGES
    action = Action.MESSAGE_MENDED
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        row = get_object_or_404(selectors.visible_to(self.actor).only("uuid"), uuid=key)
        try:
            row = mend(actor=self.actor, message_uuid=row.uuid)
        except RuleBroken as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, "已按现在登记的内容另报一条\n退回的那一条留着备查。")
        return HttpResponseRedirect(reverse("exchange:message", args=[row.uuid]))


class Standings(PortalView):
    """Every department's exchange in numbers, for supervision; no contents (M.27)."""

    capability = Capability.SUPERVISE
    template_name = "exchange/standings.html"

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        return self.render({"standings": selectors.standings(), "days": selectors.ACCEPTED_DAYS})


def _shown(row: Outbound) -> dict[str, Any]:
    attempts = row.attempts.order_by("-at", "-pk")[:_MOST_ATTEMPTS]
    events = [*map(_attempt, attempts), *map(_receipt, row.receipts.all())]
    events.sort(key=lambda event: event.at, reverse=True)
    return {
        "row": row,
        "line": MessageRow(row, topic_of(row.topic)),
        "events": events,
        "trail": [("与市平台往来", reverse("exchange:messages"))],
    }


def _attempt(row: Attempt) -> Event:
    took = f"用时 {row.took_ms} 毫秒"
    return Event(
        at=row.at,
        what=_ENDINGS.get(row.outcome, row.outcome),
        who=f"{row.detail}　{took}" if row.detail else took,
        icon="arrow-left-right",
        voice="quiet" if row.outcome in {"taken", "there"} else "heed",
    )


def _receipt(row: Receipt) -> Event:
    is_accepted = row.verdict == "accepted"
    return Event(
        at=row.received_at,
        what=f"市平台答复：{row.get_verdict_display()}",
        who=f"受理号 {row.city_number}" + (f"　“{row.reason}”" if row.reason else ""),
        icon="mail" if is_accepted else "undo-2",
        voice="" if is_accepted else "heed",
    )
