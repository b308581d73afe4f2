"""Holders: whom licences are issued to (M.3)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from zezhou_portal.kernel.fields import SecretField
from zezhou_portal.kernel.subjects import Subject


class HolderKind(models.TextChoices):
    """The three kinds of M.3, and sole traders.

    A sole trader is a natural person who does business (Civil Code art. 54), neither a legal
    person nor an organisation, and holds licences under a credit code of its own (ours).
    """

    NATURAL_PERSON = "natural_person", "自然人"
    LEGAL_PERSON = "legal_person", "法人"
    SOLE_TRADER = "sole_trader", "个体工商户"
    UNINCORPORATED = "unincorporated", "非法人组织"


HEAD_OF_TRADER = "经营者"


class IdentityType(models.TextChoices):
    """Code list of 持证主体代码类型 (GB/T 36903): all sixteen."""

    CREDIT_CODE = "001", "统一社会信用代码"
    OTHER_ORGANISATION = "099", "其他法人或其他组织有效证件代码"
    CITIZEN_ID = "111", "公民身份号码"
    OFFICER = "114", "军官证"
    POLICE_OFFICER = "115", "武警警官证"
    SOLDIER = "118", "解放军士兵证"
    POLICE_SOLDIER = "119", "武警士兵证"
    MILITARY_CIVILIAN = "120", "解放军文职人员证"
    POLICE_CIVILIAN = "122", "武警文职人员证"
    DIPLOMATIC_PASSPORT = "411", "外交护照"
    SERVICE_PASSPORT = "412", "公务护照"
    PUBLIC_AFFAIRS_PASSPORT = "413", "公务普通护照"
    PASSPORT = "414", "普通护照"
    TAIWAN_PERMIT = "511", "台湾居民来往大陆通行证"
    HONG_KONG_MACAO_PERMIT = "516", "港澳居民来往内地通行证"
    OTHER_PERSON = "999", "其他自然人有效证件代码"


def known_as(field: str, holder_id: int | None) -> models.Q:
    """Rows whose `field` names a holder, under this row or under one found to be the same."""
    return models.Q(**{f"{field}_id": holder_id or 0}) | models.Q(
        **{f"{field}__same_as_id": holder_id or 0}
    )


class Holder(models.Model):
    """A natural person, a sole trader, a legal person or an unincorporated organisation.

    `operator` is the natural person who does a sole trader's business, where it is known. A sole
    trader without a trade name carries the operator's.

    A holder may be known by an outside subject only (no number stored), or have no number yet
    (a newborn); otherwise the number is encrypted and found again by a keyed blind index.
    `same_as` is set where a real-name check showed that somebody known by an outside subject
    only is a holder known by number, or two officials found that somebody without a number is
    (`HolderMerge`): the wallet then shows what both hold. Whom it names is never merged itself.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("类别", max_length=16, choices=HolderKind.choices)
    name = models.CharField("名称", max_length=200)
    name_bigrams = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    identity_type = models.CharField(
        "证件类型", max_length=3, choices=IdentityType.choices, blank=True, default=""
    )
    identity_number = SecretField("证件号码", blank=True, default="")
    identity_index = models.CharField(max_length=64, null=True, blank=True, editable=False)  # noqa: DJ001
    outside_subject = models.CharField("外部身份标识", max_length=200, null=True, blank=True)  # noqa: DJ001
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="also")
    operator = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="trading_as"
    )
    phone = SecretField("联系电话", blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    # why there is neither number nor subject; the trail has its digest alone (M.26)
    no_number_reason = models.CharField("没有号码的原因", max_length=100, blank=True, default="")
    entered_at = models.DateTimeField(auto_now_add=True)
    # whose clerk entered the holder first; none for those of a permit sheet
    entered_by_department = models.ForeignKey(
        "parties.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "持证人"
        constraints = [
            models.UniqueConstraint(fields=["identity_index"], name="an_identity_names_one_holder"),
            models.UniqueConstraint(
                fields=["outside_subject"], name="an_outside_subject_names_one_holder"
            ),
        ]
        # parts of names, two characters and more (parties.selectors.holders_named)
        indexes = [
            GinIndex(fields=["name_bigrams"], name="holders_by_parts_of_name"),
            # a phone number, several holders may share one (parties.selectors.holders)
            models.Index(
                fields=["phone_index"],
                condition=~models.Q(phone_index=""),
                name="holders_by_phone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def headed_by(self) -> str:
        """What whoever acts for an enterprise by law is called: a sole trader has no company."""
        return HEAD_OF_TRADER if self.kind == HolderKind.SOLE_TRADER else "法定代表人"

    @property
    def sort(self) -> str:
        """What an enterprise is called in a sentence that must not name it (M.26)."""
        return "个体工商户" if self.kind == HolderKind.SOLE_TRADER else "企业"

    @property
    def subject(self) -> Subject:
        """How the trail names a holder: by the kind only (M.26)."""
        return Subject("holder", str(self.uuid), self.get_kind_display())
