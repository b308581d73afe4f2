"""Real-name checks: how, by whom and how surely a holder was authenticated (M.20)."""

import uuid
from datetime import datetime

from django.db import models


class RealNameCheck(models.Model):
    """One sign-in of a natural person through an identity service, and how long it counts.

    `level` is the assurance level that the service states, 1 to 4; which level opens a wallet
    is configuration. A legal person's sign-in names the enterprise in `enterprise` and, in
    `office`, what the person is there. No number stands here: the holder has it, or nobody.
    """

    class Office(models.TextChoices):
        """What a person is in the enterprise that they signed in for."""

        LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
        AGENT = "agent", "经办人"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holder = models.ForeignKey("parties.Holder", models.PROTECT, related_name="real_name_checks")
    provider = models.CharField("认证渠道", max_length=40)
    level = models.PositiveSmallIntegerField("实名等级")
    enterprise = models.ForeignKey("parties.Holder", models.PROTECT, null=True, related_name="+")
    office = models.CharField(max_length=24, choices=Office.choices, blank=True, default="")
    checked_at = models.DateTimeField("认证时间")
    counts_until = models.DateTimeField("有效至")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "实名认证"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=4),
                name="an_assurance_level_is_one_to_four",
            ),
        ]
        indexes = [
            # a holder's own sign-ins, newest first (parties.selectors.wallets)
            models.Index(fields=["holder", "-checked_at", "-id"], name="checks_of_a_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} {self.provider} {self.checked_at:%Y-%m-%d %H:%M}"

    def counts(self, at: datetime) -> bool:
        """Whether the check still opens the wallet at a moment."""
        return self.ended_at is None and at < self.counts_until
