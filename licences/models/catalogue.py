"""Catalogue entries: what a kind of licence consists of (M.6, P.2.1)."""

import uuid

from django.db import models

from licences.data_items import items_of
from licences.lifecycle import ENTRY
from licences.sensitivity import PERSONAL_DATA, TRADE_SECRET, in_words, sensitivities_of
from licences.validity import TermRule
from zezhou_portal.kernel.subjects import Subject

_TYPED_ONCE = {"trade_secret": TRADE_SECRET, "personal_privacy": PERSONAL_DATA}


class CatalogueEntry(models.Model):
    """One edition of one kind of licence at one issuing department; frozen once published.

    The type code is that of the body that defines the kind; several departments may issue it,
    each by an entry of its own (GB/T 36904).

    `items` is the list of data items as JSON (`licences.data_items.DataItem`), `materials` what
    an applicant brings (`licences.materials.Material`), `service_items` code and name of the
    service items that lead to it, `number_rule` how a licence number comes about, `layout` the
    face template and `layout_digest` its SM3.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type_code = models.CharField("证照类型代码", max_length=21)
    code_source = models.CharField("代码来源", max_length=120, blank=True)
    name = models.CharField("证照名称", max_length=120)
    edition = models.PositiveIntegerField("版次", default=1)
    state = models.CharField("状态", max_length=10, choices=ENTRY.choices(), default=ENTRY.initial)
    issuing_department = models.ForeignKey(
        "parties.Department", models.PROTECT, related_name="catalogue_entries"
    )
    defining_department_name = models.CharField("证照定义机构", max_length=120, blank=True)
    supervisor = models.CharField("日常监督管理机构", max_length=120, blank=True)
    holder_kind = models.CharField(
        "持证主体",
        max_length=12,
        choices=[
            ("enterprise", "企业、个体工商户和其他组织"),
            ("person", "个人"),
            ("any", "个人和组织"),
        ],
    )
    several_holders = models.BooleanField("可有多个持证人", default=False)
    validity_years = models.PositiveSmallIntegerField("有效期（年）", null=True, blank=True)
    validity_months = models.PositiveSmallIntegerField("有效期（月）", null=True, blank=True)
    may_be_long_term = models.BooleanField("可以长期有效", default=False)
    # what was typed before the items told it; nobody types it any more
    sensitivity = models.CharField("敏感类别", max_length=20, blank=True)
    conditions = models.CharField("使用要求", max_length=500, blank=True)
    about = models.CharField("这是什么证照", max_length=300, blank=True, default="")
    # one basis a line
    legal_basis = models.CharField("设定依据", max_length=1000, blank=True, default="")
    service_items = models.JSONField("对应的政务服务事项", default=list, blank=True)
    materials = models.JSONField("申请材料", default=list, blank=True)
    working_days = models.PositiveSmallIntegerField("承诺办结时限（工作日）", null=True, blank=True)
    items = models.JSONField("数据项", default=list)
    number_rule = models.JSONField("编号规则", default=dict)
    seal_kind = models.CharField("印章种类", max_length=16, default="official_name")
    layout = models.JSONField("照面模板", default=dict)
    layout_digest = models.CharField(max_length=64, blank=True)
    compiled_by_key = models.CharField(max_length=80, blank=True)
    compiled_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    remarks = models.CharField("退回意见", max_length=500, blank=True)
    # of editions from before a kind could have several issuers: the trail cannot be rewritten
    former_trail_key = models.CharField(max_length=40, blank=True, default="", editable=False)

    class Meta:
        verbose_name = "证照目录"
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "issuing_department", "edition"],
                name="an_edition_of_a_department_s_kind_exists_once",
            ),
            models.UniqueConstraint(
                fields=["type_code", "issuing_department"],
                condition=models.Q(state="PUBLISHED"),
                name="one_published_edition_of_a_department_s_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def term_rule(self) -> TermRule:
        """What the kind says of a licence's term."""
        return TermRule.of(
            self.validity_years, self.validity_months, may_be_long_term=self.may_be_long_term
        )

    @property
    def sensitivities(self) -> tuple[str, ...]:
        """Whether it holds trade secrets or personal data, as its items tell (M.22).

        Editions from before keep what was typed of them besides.
        """
        told = set(sensitivities_of(items_of(self.items), self.holder_kind))
        told |= {_TYPED_ONCE[self.sensitivity]} if self.sensitivity in _TYPED_ONCE else set()
        return tuple(code for code in (TRADE_SECRET, PERSONAL_DATA) if code in told)

    @property
    def sensitive_words(self) -> str:
        """商业秘密、个人信息; empty where it holds neither."""
        return in_words(self.sensitivities)

    @property
    def bases(self) -> list[str]:
        """The legal bases, one by one."""
        return self.legal_basis.splitlines()

    @property
    def subject(self) -> Subject:
        """How the trail names an entry: kind, issuing department and edition."""
        issuer = self.issuing_department
        key = f"{self.type_code}/{issuer.credit_code}/{self.edition}"
        return Subject(
            "catalogue_entry",
            self.former_trail_key or key,
            f"{self.name}第 {self.edition} 版（{issuer.name}）",
        )


class ServiceItem(models.Model):
    """A service item of the government service list (P.2.1.1)."""

    code = models.CharField("事项编码", max_length=40, unique=True)
    name = models.CharField("事项名称", max_length=200)
    department = models.ForeignKey(
        "parties.Department", models.PROTECT, related_name="service_items"
    )

    class Meta:
        verbose_name = "政务服务事项"

    def __str__(self) -> str:
        return self.name


class ItemLicenceLink(models.Model):
    """Which kind of licence a service item leads to (P.2.1.1)."""

    service_item = models.ForeignKey(ServiceItem, models.CASCADE, related_name="licence_links")
    type_code = models.CharField(max_length=21)

    class Meta:
        verbose_name = "事项—证照对应"
        constraints = [
            models.UniqueConstraint(
                fields=["service_item", "type_code"], name="an_item_is_linked_to_a_kind_once"
            ),
        ]
        # the items of a kind's page (licences.catalogue.selectors)
        indexes = [models.Index(fields=["type_code"], name="service_items_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.service_item_id} {self.type_code}"


class NumberCounter(models.Model):
    """The last sequence number that a department gave out for a kind.

    In a year, where the pattern has one: every issuing department numbers by itself.
    """

    type_code = models.CharField(max_length=21)
    issuing_department = models.ForeignKey("parties.Department", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "编号计数"
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "issuing_department", "year"],
                name="one_counter_for_a_department_s_kind_and_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.year}: {self.last}"
