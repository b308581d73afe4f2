"""One's messages: unread first."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zezhou_portal.pagekit.lists import Column, ListPage
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices.selectors import inbox, unread
from zezhou_portal.parties.notices.services import read_all, read_notification

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


class ReadAll(PortalView):
    """Marks all of one's messages as read."""

    signed_in = _ONE_S_OWN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        read_all(actor=self.actor)
        return HttpResponseRedirect(reverse("parties:inbox"))
