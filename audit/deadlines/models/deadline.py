"""A deadline: one department, one article, one subject; due once, stored once."""

from django.db import models

from audit.deadlines.lifecycle import DEADLINE


class Deadline(models.Model):
    """The clock of one duty. `due_at` is the first instant after the last day allowed."""

    department = models.ForeignKey("parties.Department", models.PROTECT, related_name="deadlines")
    article = models.CharField("依据", max_length=12)
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=200)
    subject_label = models.CharField("事项", max_length=200)
    armed_at = models.DateTimeField("开始")
    due_at = models.DateTimeField("到期")
    last_day = models.DateField("最后一日")
    is_provisional = models.BooleanField("暂定", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=DEADLINE.choices(), default=DEADLINE.initial
    )
    breached_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "时限"
        constraints = [
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
