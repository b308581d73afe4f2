"""Successors of the instruments: the Measures ended on 2024-11-24 by M.32."""

import uuid

from django.db import models

from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.lifecycle import INSTRUMENT


class SuccessorInstrument(models.Model):
    """A text that takes the place of one of the three instruments, loaded by the bureau.

    It counts once a second official has confirmed it against its own words, which are kept; one
    that was withdrawn stays on the record. Those loaded before there were two hands have neither
    words nor names, and count.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    replaces = models.CharField(
        "接替", max_length=1, choices=[("M", "办法"), ("S", "印章办法"), ("P", "方案")]
    )
    title = models.CharField("名称", max_length=120)
    number = models.CharField("文号", max_length=60)
    in_force_from = models.DateField("施行日期")
    ends_on = models.DateField("有效期至", null=True, blank=True)
    text = models.TextField("文件原文", blank=True, default="")
    state = models.CharField(
        "状态", max_length=9, choices=INSTRUMENT.choices(), default=INSTRUMENT.initial
    )
    loaded_by = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, blank=True, related_name="+"
    )
    loaded_by_name = models.CharField("登记人", max_length=40, blank=True, default="")
    loaded_at = models.DateTimeField(auto_now_add=True)
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
        verbose_name = "后续文件"
        constraints = [
            models.UniqueConstraint(
                fields=["number", "replaces"],
                condition=~models.Q(state="WITHDRAWN"),
                name="a_number_takes_the_place_of_an_instrument_once",
            ),
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


class SuccessorNumber(models.Model):
    """A regulated number that a successor changes, from its first day on; entered once with it.

    It counts as its successor does: from its confirmation, until it is withdrawn.
    """

    instrument = models.ForeignKey(SuccessorInstrument, models.PROTECT, related_name="numbers")
    code = models.CharField("规定", max_length=40)  # of regulation.numbers
    value = models.PositiveSmallIntegerField("改为")

    class Meta:
        verbose_name = "后续文件改的数"
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "code"], name="a_successor_changes_a_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"
