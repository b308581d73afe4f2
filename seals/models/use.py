"""Uses of a seal: approved first, then sealed, digest kept (S.12)."""

import uuid

from django.db import models


class SealUse(models.Model):
    """One approved sealing of one document; used at most once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seal = models.ForeignKey("seals.Seal", models.PROTECT, related_name="uses")
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=200)
    subject_label = models.CharField("用印文件", max_length=200)
    approved_by_key = models.CharField(max_length=80)
    approved_by_name = models.CharField("批准人", max_length=120)
    approved_by_role = models.CharField("批准人岗位", max_length=120)
    approved_at = models.DateTimeField("批准时间")
    used_at = models.DateTimeField("用印时间", null=True, blank=True)
    file_digest = models.CharField("文件摘要", max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "用印"
        constraints = [
            models.UniqueConstraint(
                fields=["seal", "subject_kind", "subject_key"], name="a_document_is_sealed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True, file_digest="")
                | (models.Q(used_at__isnull=False) & ~models.Q(file_digest="")),
                name="a_used_approval_keeps_the_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.subject_label
