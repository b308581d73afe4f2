"""A message to the city, every try to send it, and every answer (M.8)."""

import uuid
from typing import ClassVar

from django.db import models

from zezhou_portal.exchange.lifecycle import OUTBOUND
from zezhou_portal.kernel.fields import SecretField
from zezhou_portal.kernel.locks import Claimable


class Outbound(Claimable):
    """One message: written in the transaction of the act it tells of.

    `content` is the body's JSON without the file, encrypted because it names holders;
    `file_digest` names the licence file that travels with it. `version` orders the messages
    of one subject: a later one is not sent before the earlier is answered. `mends` is the refused
    message in whose place this one was posted; that one stays as it was sent.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField("种类", max_length=40)
    department = models.ForeignKey("parties.Department", models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=200)
    subject_label = models.CharField("对象", max_length=200)
    version = models.PositiveIntegerField("次序")
    article = models.CharField("依据", max_length=12)
    content = SecretField()
    file_digest = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(
        "状态", max_length=10, choices=OUTBOUND.choices(), default=OUTBOUND.initial
    )
    city_number = models.CharField("市平台受理号", max_length=64, blank=True, default="")
    city_reason = models.CharField("市平台答复", max_length=500, blank=True, default="")
    mends = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="mended_by"
    )
    posted_at = models.DateTimeField("生成时间", auto_now_add=True)
    sent_at = models.DateTimeField("推送时间", null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "推送"
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "subject_key", "version"], name="one_message_for_a_happening"
            ),
        ]
        indexes = [
            # exchange.services.dispatching: what is due to be sent
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state="WAITING"),
                name="messages_to_send",
            ),
            # what was sent and is not answered yet (exchange.services.dispatching)
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state="SENT"),
                name="messages_to_ask_about",
            ),
            # exchange.selectors: a department's desk
            models.Index(
                fields=["department", "state", "-posted_at", "-id"], name="messages_of_a_department"
            ),
            # the same of every state, and of one topic
            models.Index(fields=["department", "-posted_at", "-id"], name="messages_by_time"),
            models.Index(
                fields=["department", "topic", "-posted_at", "-id"], name="messages_of_a_topic"
            ),
            # exchange.selectors.standings: what is not done yet
            models.Index(
                fields=["department", "state", "posted_at"],
                condition=models.Q(state__in=["WAITING", "SENT", "GIVEN_UP", "REFUSED"]),
                name="open_messages",
            ),
            models.Index(fields=["subject_kind", "subject_key"], name="messages_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject_label}"


class Attempt(models.Model):
    """One try: what was answered and how long it took (milliseconds)."""

    message = models.ForeignKey(Outbound, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    status = models.PositiveSmallIntegerField(null=True)
    detail = models.CharField(max_length=300, blank=True)
    took_ms = models.PositiveIntegerField()

    class Meta:
        verbose_name = "推送尝试"
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.outcome}"


class Receipt(models.Model):
    """The city's verdict on a message, kept once however often it is told."""

    message = models.ForeignKey(Outbound, models.PROTECT, related_name="receipts")
    city_number = models.CharField(max_length=64)
    verdict = models.CharField(max_length=10, choices=[("accepted", "接收"), ("refused", "退回")])
    reason = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "回执"
        constraints = [
            models.UniqueConstraint(
                fields=["city_number", "verdict"], name="a_receipt_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city_number} {self.verdict}"
