"""The holder's messages: unread first (P.2.3.5)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from usage.wallet import messages as wallet
from zezhou_portal.pagekit.lists import ListPage
from zezhou_portal.pagekit.views import PortalView
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices.selectors import holders_inbox

OWN = "because everybody reads their own messages and those of whom they act for"
_MOST = 30


class Messages(ListPage[Notification]):
    """Unread messages, then the read ones by page."""

    holder = OWN
    template_name = "usage/wallet/messages.html"
    title = "看过的消息"
    order = ("-told_at", "-id")

    def rows(self) -> "QuerySet[Notification]":
        return holders_inbox(self.actor).filter(read_at__isnull=False)

    def context(self) -> dict[str, Any]:
        unread = holders_inbox(self.actor).filter(read_at__isnull=True)
        waiting = list(unread.order_by("-is_urgent", "-told_at", "-pk")[: _MOST + 1])
        return {
            "waiting": waiting[:_MOST],
            "more": len(waiting) > _MOST,
            "person": self.holder_session.person,
        }


class ReadMessage(PortalView):
    """POST: marks a message as read; with `go` on to where it points."""

    holder = OWN
    http_method_names = ("post",)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        row = get_object_or_404(holders_inbox(self.actor), uuid=key)
        wallet.read_message(actor=self.actor, notification=row)
        follow = "go" in request.POST and url_has_allowed_host_and_scheme(
            row.link, allowed_hosts={request.get_host()}
        )
        return HttpResponseRedirect(row.link if follow else reverse("usage:holder-inbox"))


class ReadMessages(PortalView):
    """POST: marks all of them as read."""

    holder = OWN
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        wallet.read_messages(actor=self.actor)
        return HttpResponseRedirect(reverse("usage:holder-inbox"))
