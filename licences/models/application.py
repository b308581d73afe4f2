"""Applications: one application before an issuing department (M.7, M.9)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Reverse

from licences.lifecycle import APPLICATION
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Holder


class Application(models.Model):
    """An application from reception to conclusion.

    `values` is one JSON document `{item: {"value", "source", "was"}}`; values of sensitive
    items are encrypted inside it (`licences.data_items`). `revision` rises with every
    change, so that two clerks cannot overwrite each other unseen.
    """

    class Mode(models.TextChoices):
        """How the e-licence is generated (M.9)."""

        ONLINE = "ONLINE", "在线生成"
        OFFLINE = "OFFLINE", "离线生成"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("办件号", max_length=32, unique=True)
    entry = models.ForeignKey(
        "licences.CatalogueEntry", models.PROTECT, related_name="applications"
    )
    issuing_department = models.ForeignKey(
        "parties.Department", models.PROTECT, related_name="applications"
    )
    service_item = models.ForeignKey(
        "licences.ServiceItem", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        "到哪一步", max_length=12, choices=APPLICATION.choices(), default=APPLICATION.initial
    )
    mode = models.CharField("生成方式", max_length=8, choices=Mode.choices, default=Mode.ONLINE)
    concluded_elsewhere_at = models.DateTimeField("业务办结时间", null=True, blank=True)
    values = models.JSONField("采集的信息", default=dict)
    licence_number = models.CharField("证照编号（手工）", max_length=100, blank=True, default="")
    valid_from = models.DateField("有效期起", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    is_long_term = models.BooleanField("长期有效", default=False)
    # why the term is not that of the kind's rule from the day of sign-off (M.7; ours)
    term_reason = models.CharField("有效期与规定不同的理由", max_length=200, blank=True, default="")
    # offline the paper came first: its day of issue is the licence's too (M.9)
    paper_issued_on = models.DateField("纸质证照的颁发日期", null=True, blank=True)
    has_paper = models.BooleanField("同时发放纸质证照", default=False)
    paper_blank_number = models.CharField("印刷号", max_length=60, blank=True, default="")
    paper_handed_over_at = models.DateTimeField(null=True, blank=True)
    paper_taken_by = models.CharField("领取人", max_length=60, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    received_by = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    received_at = models.DateTimeField("收件时间")
    captured_by = models.ForeignKey("parties.Account", models.PROTECT, null=True, related_name="+")
    # everyone who ever captured here: none of them may judge the application (M.7)
    capturers = ArrayField(models.BigIntegerField(), default=list)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    reviewed_by = models.ForeignKey("parties.Account", models.PROTECT, null=True, related_name="+")
    signed_off_by = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    # the trail has its digest alone (M.26)
    withdrawn_because = models.CharField("撤回的原因", max_length=200, blank=True, default="")
    in_hand_of = models.ForeignKey(
        "parties.Account",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="applications_in_hand",
    )

    class Meta:
        verbose_name = "办件"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="an_application_ends_its_term_after_it_begins",
            ),
        ]
        indexes = [
            # licences.applications.selectors.queue: a department's open applications by their step
            models.Index(
                fields=["issuing_department", "state", "received_at", "id"],
                condition=models.Q(
                    state__in=["RECEIVED", "CAPTURING", "UNDER_REVIEW", "RETURNED", "APPROVED"]
                ),
                name="open_applications",
            ),
            # licences.applications.selectors.queue, closed: those that are done, newest first
            models.Index(
                fields=["issuing_department", "-received_at", "-id"],
                condition=models.Q(state__in=["CONCLUDED", "REFUSED", "WITHDRAWN", "ERASED"]),
                name="closed_applications",
            ),
            # licences.applications.selectors.named: by the end of their number
            models.Index(
                OpClass(Reverse("number"), name="text_pattern_ops"),
                name="applications_by_number_s_end",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> Subject:
        """How the trail names an application."""
        return Subject("application", str(self.uuid), self.number)

    @property
    def holders(self) -> list[Holder]:
        """The holders in their order; no query where `holder_links` were prefetched."""
        if "holder_links" in getattr(self, "_prefetched_objects_cache", {}):
            return [link.holder for link in self.holder_links.all()]
        return [link.holder for link in self.holder_links.select_related("holder")]


class ApplicationHolder(models.Model):
    """A holder of the licence applied for; several where the kind allows it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="holder_links")
    holder = models.ForeignKey("parties.Holder", models.PROTECT, related_name="application_links")
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "办件持证人"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "holder"], name="a_holder_stands_in_an_application_once"
            ),
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.holder_id}"


class Substitute(models.Model):
    """What stands in the place of a material: a licence of the register, or why there is none."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="substitutes")
    material_key = models.CharField("材料", max_length=40)
    licence = models.ForeignKey(
        "licences.Licence", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("没有这份材料的理由", max_length=200, blank=True, default="")
    noted_by = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = "代替材料"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "material_key"], name="a_material_is_replaced_once"
            ),
            models.CheckConstraint(
                condition=models.Q(licence__isnull=False) | ~models.Q(reason=""),
                name="something_stands_in_a_material_s_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.material_key}"


class Attachment(models.Model):
    """A document or photo of an application, kept by its digest.

    `item_key` names the data item of a photo, `material_key` the material that a document is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="attachments")
    item_key = models.CharField("数据项", max_length=60, blank=True)
    material_key = models.CharField("材料", max_length=40, blank=True, default="")
    title = models.CharField("材料名称", max_length=120)
    file_name = models.CharField("文件名", max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField("大小（字节）")
    digest = models.CharField(max_length=64)
    attached_by = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()

    class Meta:
        verbose_name = "附件"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "digest", "item_key", "material_key"],
                name="a_file_is_attached_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Review(models.Model):
    """Who judged an application, what, and with which reasons (M.7)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    decision = models.CharField(
        "意见",
        max_length=10,
        choices=[("approved", "通过"), ("returned", "退回补正"), ("refused", "不予通过")],
    )
    reasons = models.CharField("理由", max_length=1000, blank=True)
    fields = models.JSONField("涉及的数据项", default=list)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审核意见"

    def __str__(self) -> str:
        return f"{self.application_id} {self.decision}"
