"""Verifications: the questions asked of a licence and their answers, kept for good (M.19)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zezhou_portal.kernel import clock


class Mode(models.TextChoices):
    """By what a licence was verified."""

    # the value stands in an append-only table, so it stays what it was called at first
    PRESENTATION = "showing", "亮证"
    PRINTED = "printed", "照面上的二维码"
    TYPED = "typed", "照面上的内容"
    COPY = "copy", "加注件上的二维码"
    WINDOW = "window", "窗口核对身份"


class Verification(models.Model):
    """One verification, append-only: who asked, by what, every answer, what came of it.

    `licence` is empty where the code led to none. `answers` is a list of `{code, answer,
    reason_code, reason}` in the published order; `outcome` is a code of
    `usage.verifying.outcomes`, `verdict` its bottom line. `on_day` is set where a past day was
    asked about. `items` are the keys of what the reader was given to see.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mode = models.CharField("方式", max_length=8, choices=Mode.choices)
    # As in the trail nothing is checked or locked for what a look names (decision 0022): a
    # window waits for every write, and a look must not write to the licence's own row. Nobody
    # looks for verifications by these alone.
    presentation = models.ForeignKey(
        "usage.Presentation", models.PROTECT, null=True, related_name="verifications",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    licence = models.ForeignKey(
        "licences.Licence", models.PROTECT, null=True, related_name="verifications",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    version = models.ForeignKey(
        "licences.LicenceVersion", models.PROTECT, null=True, related_name="+",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    account = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, related_name="+",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    department = models.ForeignKey(
        "parties.Department", models.PROTECT, null=True, related_name="+",
        db_index=False, db_constraint=False,
    )  # fmt: skip
    reader_name = models.CharField("核验方", max_length=120)
    on_day = models.DateField("问的日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=24)
    verdict = models.CharField("结论", max_length=13)
    answers = models.JSONField(default=list)
    items = ArrayField(models.CharField(max_length=40), default=list)
    purpose = models.CharField("用途", max_length=120, blank=True, default="")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "核验"
        indexes = [
            # one person's own readings, newest first (usage.verifying.selectors)
            models.Index(
                fields=["account", "-at", "-id"],
                condition=models.Q(account__isnull=False),
                name="verifications_by_a_person",
            ),
            # what one presentation brought (usage.verifying.selectors.verified_together)
            models.Index(
                fields=["presentation"],
                condition=models.Q(presentation__isnull=False),
                name="verifications_read_together",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """How people name the verification: its day in Beijing and eight characters of its key."""
        day = clock.beijing_day(self.at)
        return f"HY-{day.isoformat().replace('-', '')}-{self.uuid.hex[:8].upper()}"


class UsageKind(models.TextChoices):
    """What a licence was used for beyond a look."""

    RELIED = "relied", "作为办事依据"
    WINDOW_PRINT = "window_print", "窗口打印"


class UsageRecord(models.Model):
    """A department used a licence: relied on it, or printed a copy at a window; append-only.

    Article: M.19, M.21.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=UsageKind.choices)
    licence = models.ForeignKey("licences.Licence", models.PROTECT, related_name="usage_records")
    version = models.ForeignKey("licences.LicenceVersion", models.PROTECT, related_name="+")
    verification = models.ForeignKey(
        Verification, models.PROTECT, null=True, related_name="usage_records"
    )
    using_department = models.ForeignKey(
        "parties.Department", models.PROTECT, related_name="usage_records"
    )
    account = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    purpose = models.CharField("办理事项", max_length=120)
    application_number = models.CharField("办件号", max_length=60, blank=True, default="")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "用证记录"
        constraints = [
            models.UniqueConstraint(
                fields=["verification", "kind"], name="a_verification_is_relied_on_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.kind}"


class FileProof(models.Model):
    """What the signatures of a stored file say, once for its very bytes.

    Bytes that are the same say the same, so a verification reads the file, compares its digest
    and takes these answers; what changes with time (is the seal valid now) is asked anew.
    `trust` is the digest of the roots it was judged by: other roots, another judgement.
    """

    file = models.OneToOneField("licences.LicenceFile", models.CASCADE, related_name="proof")
    trust = models.CharField(max_length=64)
    answers = models.JSONField()
    proved_at = models.DateTimeField()

    class Meta:
        verbose_name = "文件签章核对"

    def __str__(self) -> str:
        return f"{self.file_id} {self.proved_at:%Y-%m-%d %H:%M}"
