"""A deadline: one department, one article, one subject; due once, stored once."""

from django.db import models

from audit.deadlines.lifecycle import DEADLINE
from zezhou_portal.kernel import clock, timing


class Deadline(models.Model):
    """The clock of one duty. `due_at` is the first instant after the last day allowed.

    A clock may run before its last day is known: that of an online application, from its
    reception on, ends with the day of its conclusion (M.9).
    """

    department = models.ForeignKey("parties.Department", models.PROTECT, related_name="deadlines")
    article = models.CharField("依据", max_length=12)
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=200)
    subject_label = models.CharField("事项", max_length=200)
    armed_at = models.DateTimeField("开始")
    due_at = models.DateTimeField("到期", null=True, blank=True)
    last_day = models.DateField("最后一日", null=True, blank=True)
    # by how many working days the last day was counted and from when, to be counted again when
    # a calendar is announced or withdrawn; nothing for a clock without a limit in working days
    limit_days = models.PositiveSmallIntegerField("几个工作日", null=True, blank=True)
    counted_from = models.DateTimeField("从何时起算", null=True, blank=True)
    is_provisional = models.BooleanField("暂定", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=DEADLINE.choices(), default=DEADLINE.initial
    )
    breached_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "时限"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at__isnull=True, last_day__isnull=True)
                | models.Q(due_at__isnull=False, last_day__isnull=False),
                name="a_clock_with_a_last_day_has_its_due_moment",
            ),
            models.UniqueConstraint(
                fields=["article", "subject_kind", "subject_key"],
                condition=models.Q(state="RUNNING"),
                name="one_running_clock_for_an_article_and_a_subject",
            ),
        ]
        indexes = [
            # audit.deadlines.services.clocks.sweep
            models.Index(
                fields=["due_at"], condition=models.Q(state="RUNNING"), name="clocks_to_breach"
            ),
            # a department's desk: audit.deadlines.selectors.open_of
            models.Index(
                fields=["department", "due_at", "id"],
                condition=models.Q(state__in=["RUNNING", "BREACHED"]),
                name="open_clocks_of_a_department",
            ),
            # audit.deadlines.selectors.of_subject
            models.Index(fields=["subject_kind", "subject_key"], name="clocks_of_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_label} {self.article}"

    @property
    def is_open(self) -> bool:
        """Whether the clock runs, in time or not."""
        return self.state in {"RUNNING", "BREACHED"}

    @property
    def is_overdue(self) -> bool:
        """Whether the clock is not met and its limit is over."""
        return self.is_open and timing.is_over(self.due_at, clock.now())

    @property
    def days_late(self) -> int:
        """By how many working days the clock was met too late; 0 for one that was not."""
        if self.state != "MET_LATE" or self.last_day is None or self.closed_at is None:
            return 0
        return timing.days_late(self.last_day, self.closed_at)

    @property
    def words(self) -> str:
        """How the clock stands, as desk, lists, timelines and figures say it."""
        if self.is_open:
            return timing.words_while_open(self.due_at, self.last_day)
        if self.state == "MET_LATE":
            return timing.words_when_met_late(self.days_late)
        return DEADLINE.labels[self.state]
