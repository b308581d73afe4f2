"""Licences: rows of the register, their states, marks and holders (M.8)."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Coalesce

from licences.lifecycle import LICENCE
from zezhou_portal.kernel.subjects import Subject

# All states but the one that most licences are in.
RARE_STATES = ["AWAITING_FILE", "DETAINED", "EXPIRED", "CANCELLED", "REVOKED", "ANNULLED"]


class LicenceOrigin(models.TextChoices):
    """How a licence came into the register (M.9, M.10)."""

    NEW = "NEW", "增量"
    STOCK = "STOCK", "存量"


class Licence(models.Model):
    """One licence of the register: who holds it, its state and validity.

    `identifier` is that of the current version (GB/T 36904); `stem` is what all versions of
    the licence share. In force is what `licences.register.selectors.in_force` says, never the
    state alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stem = models.CharField(max_length=140, unique=True)
    identifier = models.CharField("证照标识", max_length=160, unique=True)
    number = models.CharField("证照编号", max_length=120)
    entry = models.ForeignKey("licences.CatalogueEntry", models.PROTECT, related_name="licences")
    type_code = models.CharField(max_length=21)
    kind_name = models.CharField("证照名称", max_length=120)
    issuing_department = models.ForeignKey(
        "parties.Department", models.PROTECT, related_name="licences"
    )
    origin = models.CharField("来源", max_length=5, choices=LicenceOrigin.choices)
    state = models.CharField(
        "状态", max_length=14, choices=LICENCE.choices(), default=LICENCE.initial
    )
    version_no = models.PositiveSmallIntegerField("版本", default=1)
    holder_names = models.CharField("持证主体", max_length=500)
    name_bigrams = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    issued_on = models.DateField("颁发日期")
    valid_from = models.DateField("有效期起", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    has_gaps = models.BooleanField("有待补项", default=False)
    application = models.OneToOneField(
        "licences.Application", models.PROTECT, null=True, blank=True, related_name="licence"
    )
    entered_at = models.DateTimeField("入库时间")

    class Meta:
        verbose_name = "证照"
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "issuing_department", "number"],
                name="a_number_is_given_once_by_a_department",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="a_licence_ends_after_it_begins",
            ),
        ]
        indexes = [
            # licences.register.selectors: newest first, for the public's check by number too
            models.Index(fields=["number"], name="licences_by_number"),
            models.Index(
                fields=["issuing_department", "-entered_at", "-id"], name="licences_of_a_department"
            ),
            # licences.register.search.register_of: by kind, by a state that few are in, by the end
            models.Index(
                fields=["issuing_department", "type_code", "-entered_at", "-id"],
                name="licences_of_a_kind",
            ),
            models.Index(
                fields=["issuing_department", "state", "-entered_at", "-id"],
                condition=models.Q(state__in=RARE_STATES),
                name="rare_states_of_a_department",
            ),
            models.Index(
                models.F("issuing_department"),
                Coalesce("valid_until", models.Value(date.max)),
                models.F("id"),
                name="licences_by_their_end",
            ),
            # licences.register.search.county_register
            models.Index(fields=["-entered_at", "-id"], name="licences_by_entry"),
            models.Index(
                fields=["state", "-entered_at", "-id"],
                condition=models.Q(state__in=RARE_STATES),
                name="rare_states_of_the_county",
            ),
            GinIndex(fields=["name_bigrams"], name="licences_by_parts_of_name"),
            # licences.applications.selectors: signed off, and the file not made yet
            models.Index(
                fields=["issuing_department", "application"],
                condition=models.Q(state="AWAITING_FILE", application__isnull=False),
                name="licences_awaiting_their_file",
            ),
            # licences.register.expiring: what may run out, the earliest first
            models.Index(
                fields=["valid_until", "id"],
                condition=models.Q(state__in=["IN_FORCE", "DETAINED"], valid_until__isnull=False),
                name="licences_that_may_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} {self.number}"

    @property
    def subject(self) -> Subject:
        """How trail, clocks and messages name a licence: no personal data in the label."""
        return Subject("licence", str(self.uuid), f"{self.kind_name} {self.identifier}")


class LicenceHolder(models.Model):
    """Who holds a licence; several may hold it together."""

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="holder_links")
    holder = models.ForeignKey("parties.Holder", models.PROTECT, related_name="licence_links")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "持证人"
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "holder"], name="a_holder_holds_a_licence_once"
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.holder_id}"


class LicenceStatus(models.Model):
    """The history of states: any past day can be answered from it.

    `reason` and `document` (决定书文号) stand here alone: the trail has their digests (M.26).
    """

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="statuses")
    state = models.CharField(max_length=14, choices=LICENCE.choices())
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    act = models.CharField(max_length=40)
    reason = models.CharField("原因", max_length=200, blank=True, default="")
    document = models.CharField("决定书文号", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "状态沿革"
        constraints = [
            models.UniqueConstraint(
                fields=["licence"],
                condition=models.Q(until__isnull=True),
                name="a_licence_has_one_present_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.state}"


class MarkKind(models.TextChoices):
    """Marks beside the state; several at once (M.8, M.23)."""

    LOST = "LOST", "已挂失"
    PLEDGED = "PLEDGED", "已质押"
    MORTGAGED = "MORTGAGED", "已抵押"
    INSPECTED = "INSPECTED", "已年检"
    INSPECTION_DUE = "INSPECTION_DUE", "待年检"
    OBJECTED = "OBJECTED", "有异议"


class LicenceMark(models.Model):
    """One mark on a licence, from an act to an act."""

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=16, choices=MarkKind.choices)
    detail = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "标注"
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "kind", "detail"],
                condition=models.Q(until__isnull=True),
                name="a_mark_is_on_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.kind}"
