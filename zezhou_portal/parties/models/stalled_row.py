"""A row that a worker could not do: why, how often it was tried, when it is tried next."""

import uuid

from django.db import models


class StalledRow(models.Model):
    """One row of one queue (`kernel.queues`) that could not be done the last time.

    It goes when the row is done. `told_reason` is the reason that people were told last: another
    one is told again. `asked_at` is when a person was asked, after so many tries in vain.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    queue = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    label = models.CharField("对象", max_length=200, blank=True, default="")
    link = models.CharField("去处", max_length=200, blank=True, default="")
    department = models.ForeignKey(
        "parties.Department", models.CASCADE, null=True, related_name="+"
    )
    reason = models.CharField("原因", max_length=300)
    told_reason = models.CharField(max_length=300, blank=True, default="")
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    first_at = models.DateTimeField("从何时起", auto_now_add=True)
    next_try_at = models.DateTimeField("下次再试")
    asked_at = models.DateTimeField("交人处理", null=True, blank=True)

    class Meta:
        verbose_name = "没有办成的后台工作"
        constraints = [
            models.UniqueConstraint(fields=["queue", "key"], name="a_row_stalls_once_in_a_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.label}"
