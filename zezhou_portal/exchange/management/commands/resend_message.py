"""Sends one message again, or another in the place of a refused one, now; dry unless --commit."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.services import dispatching
from zezhou_portal.exchange.services.resending import mend, resend
from zezhou_portal.exchange.topics import topic_of
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, Channel
from zezhou_portal.parties.models import Account
from zezhou_portal.parties.staff.officials import live_postings, official
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken


class Command(BaseCommand):
    """manage.py resend_message UUID [--commit --as ACCOUNT]"""

    help = (
        "重新推送一件；市平台退回的，按现在登记的内容另报一件。"
        "不加 --commit 只说明现状；加上时要用 --as 写明由谁办理。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("message", type=uuid.UUID)
        parser.add_argument("--commit", action="store_true")
        parser.add_argument("--as", dest="account", default="", metavar="ACCOUNT")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Says how the message stands; with --commit sends it. Raises CommandError."""
        rows = Outbound.objects.select_related("department").defer("content")
        row = rows.filter(uuid=options["message"]).first()
        if row is None:
            raise CommandError("没有这一件推送。")
        self._show(row)
        if not options["commit"]:
            self.stdout.write("没有改动。加 --commit --as 账号 才重新推送。")
            return
        try:
            verb = mend if row.state == "REFUSED" else resend
            row = verb(actor=self._actor(options["account"], row), message_uuid=row.uuid)
        except (RuleBroken, NotPermitted) as refusal:
            raise CommandError(refusal.reason) from refusal
        dispatching.dispatch()
        self._show(rows.get(pk=row.pk))

    def _actor(self, username: str, row: Outbound) -> Actor:
        account = Account.objects.filter(username=username, is_active=True).first()
        if account is None:
            raise CommandError("请用 --as 写明在用的账号。")
        postings = live_postings(account, clock.today())
        return official(account, row.department, postings, channel=Channel.COMMAND)

    def _show(self, row: Outbound) -> None:
        said = row.city_reason or row.last_error
        self.stdout.write(
            f"{topic_of(row.topic).words} {row.subject_label}：{row.get_state_display()}"
            + (f"（{said}）" if said else "")
        )
