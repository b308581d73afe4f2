"""A year's working-day calendar: entered by one official, confirmed by another (M.9, M.23)."""

import uuid
from datetime import date

from django.db import models

from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.lifecycle import CALENDAR


class WorkingCalendar(models.Model):
    """A year as a notice of the State Council announces it; never deleted, never rewritten.

    `days` holds each day that differs from Monday-to-Friday: whether offices work on it. Only a
    confirmed calendar counts; one that was withdrawn leaves its year unannounced again. The notice
    is public: its text is kept as it was entered, so that the second person has what to compare
    with, and so has whoever asks later.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField("年份")
    notice_number = models.CharField("通知文号", max_length=60)
    notice_text = models.TextField("通知原文")
    days = models.JSONField("放假和上班的日子")
    state = models.CharField(
        "状态", max_length=9, choices=CALENDAR.choices(), default=CALENDAR.initial
    )
    proposed_by = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    proposed_by_name = models.CharField("提出人", max_length=40)
    proposed_at = models.DateTimeField("提出时间")
    confirmed_by = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_by_name = models.CharField("确认人", max_length=40, blank=True, default="")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_by_name = models.CharField("撤回人", max_length=40, blank=True, default="")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    reason = models.CharField("撤回的原因", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "放假安排"
        constraints = [
            models.UniqueConstraint(
                fields=["year", "state"],
                condition=models.Q(state__in=["PROPOSED", "CONFIRMED"]),
                name="a_year_is_proposed_once_and_confirmed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.state}"

    @property
    def special_days(self) -> dict[date, bool]:
        """The days that differ from Monday-to-Friday: whether offices work on them."""
        return {date.fromisoformat(day): is_work for day, is_work in sorted(self.days.items())}

    @property
    def subject(self) -> Subject:
        """How the trail names a year's calendar: by the number of the notice."""
        return Subject("calendar", str(self.uuid), f"{self.year}年放假安排（{self.notice_number}）")
