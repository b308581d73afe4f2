"""Catalogue entries: what a kind of licence consists of (M.6, P.2.1)."""

import uuid

from django.db import models

from licences.lifecycle import ENTRY
from licences.validity import TermRule
from zezhou_portal.kernel.subjects import Subject


class CatalogueEntry(models.Model):
    """One edition of one kind of licence; frozen once published.

    `items` is the list of data items as JSON (`licences.data_items.DataItem`),
    `number_rule` how a licence number comes about, `layout` the face template and
    `layout_digest` its SM3.
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
    sensitivity = models.CharField(
        "敏感类别",
        max_length=20,
        blank=True,
        choices=[("trade_secret", "商业秘密"), ("personal_privacy", "个人隐私")],
    )
    conditions = models.CharField("使用要求", max_length=500, blank=True)
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

    class Meta:
        verbose_name = "证照目录"
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "edition"], name="an_edition_of_a_kind_exists_once"
            ),
            models.UniqueConstraint(
                fields=["type_code"],
                condition=models.Q(state="PUBLISHED"),
                name="one_published_edition_of_a_kind",
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
    def subject(self) -> Subject:
        """How the trail names an entry: kind and edition."""
        return Subject(
            "catalogue_entry",
            f"{self.type_code}/{self.edition}",
            f"{self.name}第 {self.edition} 版",
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
    """The last sequence number given out for a kind, in a year where the pattern has one."""

    type_code = models.CharField(max_length=21)
    year = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "编号计数"
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "year"], name="one_counter_for_a_kind_and_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.year}: {self.last}"
