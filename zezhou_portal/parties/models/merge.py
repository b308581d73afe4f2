"""That two holders are one person: proposed by one official, confirmed by another (M.3)."""

import uuid

from django.db import models

from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.lifecycle import MERGE


class HolderMerge(models.Model):
    """A proposal and what came of it; never deleted.

    `merged` is known without a number (a newborn), `staying` by theirs. Once confirmed, `merged`
    is the same as `staying` (`Holder.same_as`): what one holds the other holds, and every row that
    names `merged` stays as it was written. `ground` and `remarks` stand here alone: the trail has
    their digests (M.26).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    merged = models.ForeignKey("parties.Holder", models.PROTECT, related_name="merges")
    staying = models.ForeignKey("parties.Holder", models.PROTECT, related_name="merges_into")
    ground = models.CharField("依据", max_length=200)
    department = models.ForeignKey("parties.Department", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=9, choices=MERGE.choices(), default=MERGE.initial)
    proposed_by = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    proposed_by_name = models.CharField("提出人", max_length=40)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by_name = models.CharField("办理人", max_length=40, blank=True, default="")
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    remarks = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "同一持证人认定"
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=models.Q(state="PROPOSED"),
                name="a_holder_is_proposed_once_at_a_time",
            ),
        ]
        indexes = [
            # parties.holders.waiting: what waits for a second person
            models.Index(
                fields=["department", "proposed_at", "id"],
                condition=models.Q(state="PROPOSED"),
                name="merges_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} {self.staying_id} {self.state}"

    @property
    def subject(self) -> Subject:
        """The trail names the holder who is merged, whose history this is."""
        return self.merged.subject
