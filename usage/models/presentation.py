"""Presentations: a holder shows licences, once, for minutes (P.2.3.2, P.2.3.3)."""

import uuid
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models

from usage.lifecycle import PRESENTATION
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Power

LIVE = ("OPEN", "ASKED", "AGREED")


class Presentation(models.Model):
    """One presentation: who shows, for whom, until when; and who has read it.

    `presenter` is the person at the screen, `principal` whose licences they are; they differ
    where a mandate lets one act for the other. With `asks_consent` a reader first waits for
    the presenter's word. `reader_key` is the digest of a secret that the reader was given, so
    that nobody else sees what the holder agreed to.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Nobody looks for presentations by whom they concern, but for the one that runs (below), and
    # every reading writes all indexes anew.
    presenter = models.ForeignKey(
        "parties.Holder", models.PROTECT, related_name="+", db_index=False
    )
    principal = models.ForeignKey(
        "parties.Holder", models.PROTECT, related_name="presentations", db_index=False
    )
    mandate = models.ForeignKey(
        "parties.Mandate", models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(
        "状态", max_length=10, choices=PRESENTATION.choices(), default=PRESENTATION.initial
    )
    asks_consent = models.BooleanField("读取前先问我", default=False)
    is_elder = models.BooleanField(default=False)
    opened_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("到时")
    closed_at = models.DateTimeField(null=True, blank=True)
    reader_account = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    reader_department = models.ForeignKey(
        "parties.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )
    reader_name = models.CharField("读取方", max_length=120, blank=True, default="")
    reader_key = models.CharField(max_length=64, blank=True, default="", editable=False)
    read_at = models.DateTimeField("读取时间", null=True, blank=True)

    class Meta:
        verbose_name = "亮证"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=list(PRESENTATION.labels)),
                name="a_presentation_is_in_a_state_of_its_table",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("opened_at")),
                name="a_presentation_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["presenter"],
                condition=models.Q(state__in=LIVE),
                name="a_person_shows_one_thing_at_a_time",
            ),
        ]
        indexes = [
            # usage.presenting.presentations.lapse_due: presentations whose minutes are over
            models.Index(
                fields=["ends_at", "id"],
                condition=models.Q(state__in=LIVE),
                name="presentations_that_may_lapse",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {self.state}"

    @property
    def subject(self) -> Subject:
        """How the trail names a presentation: nothing of its holder."""
        return Subject("presentation", str(self.uuid))

    def is_open(self, at: datetime) -> bool:
        """Whether the presentation still runs at a moment: the timer is not trusted to have run."""
        return self.state in LIVE and at < self.ends_at

    def is_backed(self, on: date) -> bool:
        """Whether who shows may still do so: for themselves, or by a mandate that lets them."""
        mandate = self.mandate
        return mandate is None or (mandate.is_live(on) and Power.SHOW.value in mandate.powers)


class PresentedLicence(models.Model):
    """One licence of a presentation: the very version, and the items chosen to be seen."""

    presentation = models.ForeignKey(Presentation, models.CASCADE, related_name="licences")
    licence = models.ForeignKey("licences.Licence", models.PROTECT, related_name="+")
    version = models.ForeignKey("licences.LicenceVersion", models.PROTECT, related_name="+")
    items = ArrayField(models.CharField(max_length=40), default=list)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "出示的证照"
        constraints = [
            models.UniqueConstraint(
                fields=["presentation", "licence"], name="a_licence_is_shown_once_in_a_presentation"
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.presentation_id} {self.licence_id}"


class PresentationCode(models.Model):
    """One code of a presentation: digests of its secret and of its short number, never themselves.

    Kept for a while after its minute, so that yesterday's code is told apart from one that
    never was.
    """

    presentation = models.ForeignKey(Presentation, models.CASCADE, related_name="codes")
    place = models.PositiveIntegerField()
    secret_index = models.CharField(max_length=64, editable=False)
    number_index = models.CharField(max_length=64, editable=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = "亮证码"
        constraints = [
            models.UniqueConstraint(fields=["secret_index"], name="a_code_is_given_once"),
            models.UniqueConstraint(fields=["number_index"], name="a_short_number_is_given_once"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="a_code_ends_after_it_began",
            ),
        ]
        indexes = [
            # usage.presenting.presentations.erase_old_codes
            models.Index(fields=["expires_at"], name="codes_by_their_end"),
        ]

    def __str__(self) -> str:
        return f"{self.presentation_id} {self.issued_at:%H:%M:%S}"


class PresentationOff(models.Model):
    """A holder has switched a licence off for presentation, from an act to an act."""

    licence = models.ForeignKey("licences.Licence", models.CASCADE, related_name="presentation_off")
    holder = models.ForeignKey("parties.Holder", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "关闭亮证"
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "holder"],
                condition=models.Q(until__isnull=True),
                name="a_holder_switches_a_licence_off_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.holder_id}"
