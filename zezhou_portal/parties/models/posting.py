"""Postings: a person's role in a department, for a time (M.24, S.14)."""

import uuid
from datetime import date

from django.db import models

from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.capabilities import Role


class Posting(models.Model):
    """One role of one person in one department, from a day to a day.

    `covers` names the posting whose holder is absent; a cover has an end.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey("parties.Account", models.PROTECT, related_name="postings")
    department = models.ForeignKey("parties.Department", models.PROTECT, related_name="postings")
    role = models.CharField("岗位", max_length=24, choices=Role.choices)
    is_named_person = models.BooleanField("指定专人", default=False)
    from_on = models.DateField("起始")
    until_on = models.DateField("截止", null=True, blank=True)
    covers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="covered_by"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "岗位"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "department", "role"],
                condition=models.Q(ended_at__isnull=True, covers__isnull=True),
                name="a_person_holds_a_role_in_a_department_once",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="a_posting_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(covers__isnull=True) | models.Q(until_on__isnull=False),
                name="a_cover_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["department", "role"], name="postings_by_department")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.get_role_display()}"

    @property
    def subject(self) -> Subject:
        """How the trail names a posting: department and role."""
        return Subject(
            "posting", str(self.uuid), f"{self.department.name} {self.get_role_display()}"
        )

    def is_live(self, on: date) -> bool:
        """Whether the posting counts on a day."""
        started = self.from_on <= on
        return started and self.ended_at is None and (self.until_on is None or on <= self.until_on)
