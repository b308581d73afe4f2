"""A change of somebody else's holder: proposed by one, confirmed by another (M.3, M.26)."""

import uuid

from django.db import models

from zezhou_portal.kernel.fields import SecretField
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.lifecycle import HOLDER_CHANGE


class HolderChange(models.Model):
    """What one official of a department would change of a holder, and what came of it.

    Empty is unchanged. Never deleted; what was proposed is encrypted and stands here alone, the
    trail has its digests (M.26).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holder = models.ForeignKey("parties.Holder", models.PROTECT, related_name="changes")
    name = SecretField("新的名称或姓名", blank=True, default="")
    identity_type = models.CharField("补登的证件类型", max_length=3, blank=True, default="")
    identity_number = SecretField("补登的证件号码", blank=True, default="")
    phone = SecretField("新的联系电话", blank=True, default="")
    department = models.ForeignKey("parties.Department", models.PROTECT, related_name="+")
    state = models.CharField(
        "状态", max_length=9, choices=HOLDER_CHANGE.choices(), default=HOLDER_CHANGE.initial
    )
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
        verbose_name = "持证人信息变更"
        constraints = [
            models.UniqueConstraint(
                fields=["holder"],
                condition=models.Q(state="PROPOSED"),
                name="a_holder_is_changed_once_at_a_time",
            ),
        ]
        indexes = [
            # parties.holders.waiting: what waits for a second person
            models.Index(
                fields=["department", "proposed_at", "id"],
                condition=models.Q(state="PROPOSED"),
                name="holder_changes_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} {self.state}"

    @property
    def subject(self) -> Subject:
        """The trail names the holder."""
        return self.holder.subject
