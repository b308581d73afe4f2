"""One's messages, unread first; and what a worker could not do, to be tried again."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.queues import queue_of
from zezhou_portal.pagekit.lists import Column, ListPage
from zezhou_portal.pagekit.views import ConfirmPage, PortalView
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices.selectors import inbox, unread
from zezhou_portal.parties.notices.services import read_all, read_notification
from zezhou_portal.parties.notices.stalled import retry, stalled_visible_to
from zezhou_portal.regulation.actions import Action

_ONE_S_OWN = "because everybody reads their own messages and no others"
_MOST = 50


class Inbox(ListPage[Notification]):
    """Unread messages, then the read ones by page."""

    signed_in = _ONE_S_OWN
    template_name = "parties/inbox.html"
    title = "看过的消息"
    columns = (
        Column("事由"),
        Column("内容"),
        Column("时间", sort="told_at", falls=True, css="zz-n"),
    )
    order = ("-told_at", "-id")

    def rows(self) -> "QuerySet[Notification]":
        return inbox(self.actor).filter(read_at__isnull=False)

    def context(self) -> dict[str, Any]:
        waiting = list(unread(self.actor)[: _MOST + 1])
        return {"waiting": waiting[:_MOST], "more": len(waiting) > _MOST}


class ReadNotification(PortalView):
    """Marks a message as read and goes where it points."""

    signed_in = _ONE_S_OWN
    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        """POST `go` to follow the message's link."""
        row = get_object_or_404(inbox(self.actor), uuid=key)
        read_notification(actor=self.actor, notification=row)
        follow = "go" in request.POST and url_has_allowed_host_and_scheme(
            row.link, allowed_hosts={request.get_host()}
        )
        return HttpResponseRedirect(row.link if follow else reverse("parties:inbox"))


class Stalled(ConfirmPage):
    """Says why a worker could not do a row, and asks whether it is to be tried at once."""

    capability = (Capability.KEEP_RUNNING, Capability.ISSUE_LICENCES)
    action = Action.WORK_RETRIED
    verb = "马上再试"
    references = ("M.25",)
    back_words = "不试，回工作台"

    def prepare(self, **kwargs: Any) -> None:
        self.row = get_object_or_404(stalled_visible_to(self.actor), uuid=kwargs["key"])

    def question(self) -> str:
        return f"{queue_of(self.row.queue).words}没有成功，马上再试？"

    def consequences(self) -> list[str]:
        at = self.row.next_try_at.astimezone(clock.BEIJING)
        return [
            f"{self.row.label or '没有名称'}：{self.row.reason}",
            f"已试 {self.row.tries} 次；不管它，{at.month}月{at.day}日 {at:%H:%M} 以后自动再试",
            "原因没有消除的，再试还会是这样",
        ]

    def back(self) -> str:
        return reverse("portal:desk")

    def carry_out(self) -> HttpResponse:
        retry(actor=self.actor, row=self.row)
        messages.success(self.request, "已经排到最前面\n办成以后，这里就没有它了。")
        return HttpResponseRedirect(self.back())


class ReadAll(PortalView):
    """Marks all of one's messages as read."""

    signed_in = _ONE_S_OWN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        read_all(actor=self.actor)
        return HttpResponseRedirect(reverse("parties:inbox"))
