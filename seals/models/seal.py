"""E-seals: kind, state, validity, structure (S.2, S.8)."""

import uuid

from django.db import models

from seals.lifecycle import SEAL
from zezhou_portal.kernel.subjects import Subject


class SealKind(models.TextChoices):
    """The kinds of S.2."""

    OFFICIAL_NAME = "official_name", "法定名称章"
    INTERNAL_UNIT = "internal_unit", "内设机构章"
    BRANCH = "branch", "分支机构章"
    SPECIAL_PURPOSE = "special_purpose", "业务专用章"
    PERSONAL_NAME = "personal_name", "电子名章"


class Seal(models.Model):
    """One e-seal. `structure` is the SESeal (GB/T 38540); its picture is the impression (S.6)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey("parties.Department", models.PROTECT, related_name="seals")
    kind = models.CharField("种类", max_length=16, choices=SealKind.choices)
    name = models.CharField("印章名称", max_length=200)
    number = models.CharField("印章编号", max_length=64, unique=True)
    state = models.CharField("状态", max_length=10, choices=SEAL.choices(), default=SEAL.initial)
    certificate = models.ForeignKey("seals.Certificate", models.PROTECT, related_name="seals")
    valid_from = models.DateTimeField("有效期起")
    valid_until = models.DateTimeField("有效期至")
    structure = models.BinaryField()
    impression_digest = models.CharField(max_length=64)
    width_mm = models.PositiveSmallIntegerField("宽（毫米）")
    height_mm = models.PositiveSmallIntegerField("高（毫米）")
    state_since = models.DateTimeField()

    class Meta:
        verbose_name = "电子印章"
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "name"],
                condition=models.Q(state__in=["ACTIVE", "RENEWING", "BLOCKED"]),
                name="one_live_seal_of_a_name_in_a_department",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> Subject:
        """How the trail names a seal."""
        return Subject("seal", str(self.uuid), self.name)


class SealChange(models.Model):
    """One change of a seal's state and why; the trail has the reason's digest alone (M.26)."""

    seal = models.ForeignKey(Seal, models.CASCADE, related_name="changes")
    state = models.CharField("状态", max_length=10, choices=SEAL.choices())
    at = models.DateTimeField("时间")
    act = models.CharField(max_length=40)
    reason = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = "印章状态沿革"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.seal_id} {self.state}"
