"""Text messages that wait to go out through the message port."""

import uuid

from django.db import models

from zezhou_portal.kernel.fields import SecretField
from zezhou_portal.kernel.locks import Claimable


class TextMessage(Claimable):
    """One text to one phone, written in the transaction of the act it tells of.

    `key` names the happening, so that what runs twice is told once. The number is encrypted;
    the words carry no number of any person and no name.
    """

    class State(models.TextChoices):
        """Where the message is."""

        WAITING = "WAITING", "待发送"
        SENT = "SENT", "已发送"
        GIVEN_UP = "GIVEN_UP", "没有送达"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    phone = SecretField("手机号码")
    words = models.CharField("内容", max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "短信"
        indexes = [
            # parties.services.texts: what is due to be sent
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state="WAITING"),
                name="texts_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"
