"""Purpose-marked copies: a licence on paper for one purpose, until a day (S.10)."""

import uuid

from django.db import models


class PurposeCopy(models.Model):
    """One copy with its purpose across the face; the code on it leads to the present state.

    Made by the holder (or who acts for them), or by a clerk for somebody without a phone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("加注件编码", max_length=12, unique=True)
    licence = models.ForeignKey("licences.Licence", models.PROTECT, related_name="purpose_copies")
    version = models.ForeignKey("licences.LicenceVersion", models.PROTECT, related_name="+")
    holder = models.ForeignKey("parties.Holder", models.PROTECT, related_name="purpose_copies")
    made_by_holder = models.ForeignKey(
        "parties.Holder", models.PROTECT, null=True, related_name="+"
    )
    made_by_account = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, related_name="+"
    )
    using_department = models.ForeignKey(
        "parties.Department", models.PROTECT, null=True, related_name="+"
    )
    identity_checked = models.CharField("核对身份的方式", max_length=120, blank=True, default="")
    purpose = models.CharField("用途", max_length=40)
    expires_on = models.DateField("用到")
    made_at = models.DateTimeField("制作时间")
    ended_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "加注件"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(made_by_holder__isnull=False, made_by_account__isnull=True)
                | models.Q(made_by_holder__isnull=True, made_by_account__isnull=False),
                name="a_copy_is_made_by_a_holder_or_a_clerk",
            ),
        ]
        indexes = [
            # a licence's copies, newest first (usage.wallet.selectors)
            models.Index(fields=["licence", "holder", "-made_at"], name="copies_of_a_licence"),
        ]

    def __str__(self) -> str:
        return self.code


class ExpiryReminder(models.Model):
    """A holder was reminded of a last day, so many days before: once for each (P.2.3.5)."""

    licence = models.ForeignKey("licences.Licence", models.CASCADE, related_name="reminders")
    holder = models.ForeignKey("parties.Holder", models.CASCADE, related_name="+")
    valid_until = models.DateField()
    days = models.PositiveSmallIntegerField()
    reminded_at = models.DateTimeField()

    class Meta:
        verbose_name = "到期提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "holder", "valid_until", "days"],
                name="a_reminder_goes_out_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.days}"
