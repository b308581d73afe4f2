"""Records of every act. Rows are written by `recording` alone and never change (M.25)."""

import uuid
from typing import Any

from django.db import models

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.fields import SecretField

# The columns a leaf digest covers: all but the row's place in the table.
DIGESTED = (
    "id", "at", "action", "article", "actor_kind", "actor_key", "actor_name", "actor_role",
    "department_code", "department_name", "channel", "request_id", "subject_kind",
    "subject_key", "subject_label", "outcome", "reason", "facts",
)  # fmt: skip


class Outcome(models.TextChoices):
    """What came of an act."""

    DONE = "done", "已办"
    REFUSED = "refused", "被拒"
    FAILED = "failed", "出错"


class Record(models.Model):
    """One act: who, for which department, what, to which subject, with what outcome.

    There are no foreign keys, so nothing can cascade into history. The table is partitioned
    by month of `at`; triggers and the database's roles refuse every change (migration 0001).
    """

    pk = models.CompositePrimaryKey("at", "seq")
    seq = models.BigIntegerField(db_default=models.Func(
        models.Value("audit_trail_record_seq"), function="nextval",
        output_field=models.BigIntegerField()), editable=False)  # fmt: skip
    id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField("时间", default=clock.now)
    action = models.CharField("行为", max_length=40)
    article = models.CharField("依据", max_length=12)
    actor_kind = models.CharField(max_length=12)
    actor_key = models.CharField(max_length=80)
    actor_name = models.CharField("办理人", max_length=120)
    actor_role = models.CharField("岗位", max_length=120, blank=True)
    department_code = models.CharField(max_length=18, blank=True)
    department_name = models.CharField("单位", max_length=120, blank=True)
    channel = models.CharField(max_length=12)
    request_id = models.CharField(max_length=64, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_key = models.CharField(max_length=200, blank=True)
    subject_label = models.CharField("对象", max_length=200, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices)
    reason = models.CharField("原因", max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    leaf = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "audit_trail_record"
        verbose_name = "操作记录"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"

    def content(self) -> dict[str, Any]:
        """What the leaf digest covers."""
        return {name: str(self.id) if name == "id" else getattr(self, name) for name in DIGESTED}


class RecordOrigin(models.Model):
    """Where an act came from, beside its record: network address and device, encrypted.

    A table of its own, since it is cleared after `TRAIL_ORIGINS_KEPT` and records never change. It
    is no part of a record's digest. A trigger refuses every change, and to clear one too early
    (migration 0003).
    """

    record = models.UUIDField(primary_key=True)
    at = models.DateTimeField("时间")
    address = SecretField("网络地址", blank=True, default="")
    device = SecretField("设备", blank=True, default="")

    class Meta:
        db_table = "audit_trail_origin"
        verbose_name = "操作来源"
        indexes = [
            # what is old enough to be cleared (audit.trail.origins)
            models.Index(fields=["at"], name="origins_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.record)
