"""Successors of the instruments: the Measures ended on 2024-11-24 by M.32."""

import uuid

from django.db import models

from zezhou_portal.kernel.subjects import Subject


class SuccessorInstrument(models.Model):
    """A text that takes the place of one of the three instruments, loaded by the bureau."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    replaces = models.CharField(
        "接替", max_length=1, choices=[("M", "办法"), ("S", "印章办法"), ("P", "方案")]
    )
    title = models.CharField("名称", max_length=120)
    number = models.CharField("文号", max_length=60)
    in_force_from = models.DateField("施行日期")
    ends_on = models.DateField("有效期至", null=True, blank=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "后续文件"
        constraints = [
            models.UniqueConstraint(fields=["number"], name="an_instrument_is_loaded_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("in_force_from")),
                name="an_instrument_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> Subject:
        """How the trail names an instrument: by its number."""
        return Subject("instrument", str(self.uuid), self.number)
