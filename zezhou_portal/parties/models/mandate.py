"""Mandates: who may act for which holder, with which powers, until when (M.20)."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.lifecycle import MANDATE


class MandateKind(models.TextChoices):
    """On what footing somebody acts for a holder."""

    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    AGENT = "agent", "企业经办人"
    GUARDIAN = "guardian", "父母"
    HELPER = "helper", "成年家人"


class Power(models.TextChoices):
    """What a mandate gives; seeing is part of every one."""

    SEE = "see", "查看证照"
    SHOW = "show", "亮证"
    COPY = "copy", "下载和制作加注件"
    APPOINT = "appoint", "委托经办人"


class Basis(models.TextChoices):
    """What a mandate rests on."""

    SIGN_IN = "sign_in", "法人登录"
    APPOINTMENT = "appointment", "委托"
    BIRTH_CERTIFICATE = "birth_certificate", "出生医学证明"
    WINDOW = "window", "窗口核验"


class Mandate(models.Model):
    """`agent`, a natural person, may act for `principal` from a day to a day.

    Only a legal representative's has no last day: it ends when another one is known. A
    guardian's ends the day before the child is of age. `given_by` is the holder whose act it
    was; `recorded_by` the clerk who saw the papers in `evidence` at a window of the
    `recording_department`. A mandate by birth certificate names the certificate's licence there.

    What a window records is proposed, with the signed consent as a file, and gives nothing until
    `confirm_by` at the latest another clerk (`decided_by`) or the principal confirms it. Those
    that were recorded before this was so have neither file nor second hand.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("关系", max_length=24, choices=MandateKind.choices)
    principal = models.ForeignKey("parties.Holder", models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey("parties.Holder", models.PROTECT, related_name="mandates_held")
    powers = ArrayField(models.CharField(max_length=8, choices=Power.choices))
    from_on = models.DateField("起始")
    until_on = models.DateField("截止", null=True, blank=True)
    basis = models.CharField("依据", max_length=20, choices=Basis.choices)
    evidence = models.CharField("材料", max_length=120, blank=True, default="")
    given_by = models.ForeignKey("parties.Holder", models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey("parties.Account", models.PROTECT, null=True, related_name="+")
    recording_department = models.ForeignKey(
        "parties.Department", models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField("状态", max_length=11, choices=MANDATE.choices(), default="CONFIRMED")
    consent_digest = models.CharField(max_length=64, blank=True, default="")
    consent_name = models.CharField("同意书文件名", max_length=200, blank=True, default="")
    consent_type = models.CharField(max_length=60, blank=True, default="")
    confirm_by = models.DateField("最晚确认", null=True, blank=True)
    decided_by = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        verbose_name = "代办"
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "agent", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="a_mandate_stands_once",
            ),
            models.UniqueConstraint(
                fields=["principal"],
                condition=models.Q(ended_at__isnull=True, kind="legal_representative"),
                name="an_enterprise_has_one_legal_representative",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=False) | models.Q(kind="legal_representative"),
                name="a_mandate_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(until_on__isnull=True)
                | models.Q(until_on__gte=models.F("from_on")),
                name="a_mandate_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("agent")),
                name="nobody_is_their_own_agent",
            ),
            models.CheckConstraint(
                condition=~models.Q(basis="window")
                | models.Q(recorded_by__isnull=False, recording_department__isnull=False)
                & ~models.Q(evidence=""),
                name="a_window_says_who_saw_which_papers",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="PROPOSED")
                | models.Q(basis="window", confirm_by__isnull=False) & ~models.Q(consent_digest=""),
                name="a_window_proposes_with_the_signed_consent",
            ),
            # those without a file were recorded before there was a second hand
            models.CheckConstraint(
                condition=~models.Q(state="CONFIRMED")
                | models.Q(consent_digest="")
                | models.Q(decided_at__isnull=False)
                & (
                    models.Q(decided_by__isnull=True)
                    | ~models.Q(decided_by=models.F("recorded_by"))
                ),
                name="another_confirms_what_a_window_proposed",
            ),
        ]
        indexes = [
            # whom a person may act for; who acts for a holder (parties.selectors.mandates)
            models.Index(
                fields=["agent"],
                condition=models.Q(ended_at__isnull=True),
                name="mandates_held_now",
            ),
            # what a department recorded at its windows, newest first
            models.Index(
                fields=["recording_department", "-recorded_at", "-id"],
                condition=models.Q(recording_department__isnull=False),
                name="mandates_of_a_window",
            ),
            # what waits for a second person, or for its last day
            models.Index(
                fields=["recording_department", "recorded_at", "id"],
                condition=models.Q(state="PROPOSED", ended_at__isnull=True),
                name="mandates_that_wait",
            ),
            # what all windows recorded, newest first: for supervision
            models.Index(
                fields=["-recorded_at", "-id"],
                condition=models.Q(basis="window"),
                name="mandates_of_all_windows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.get_kind_display()} {self.principal_id}"

    @property
    def footing(self) -> str:
        """What the agent is to the principal; for a sole trader the one who does its business."""
        if self.kind == MandateKind.LEGAL_REPRESENTATIVE:
            return self.principal.headed_by
        return MandateKind(self.kind).label

    @property
    def subject(self) -> Subject:
        """How the trail names a mandate: by its kind only (M.26)."""
        return Subject("mandate", str(self.uuid), self.get_kind_display())

    @property
    def is_proposed(self) -> bool:
        """Whether it waits to be confirmed: it gives nothing yet."""
        return self.state == MANDATE.initial and self.ended_at is None

    def is_live(self, on: date) -> bool:
        """Whether the mandate counts on a day."""
        is_confirmed = self.state == "CONFIRMED"
        started = is_confirmed and self.ended_at is None and self.from_on <= on
        return started and (self.until_on is None or on <= self.until_on)
