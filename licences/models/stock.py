"""Permit sheets: licences granted before there were e-licences (M.10, P.2.2.1)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields.json import KT

from licences.lifecycle import BATCH
from zezhou_portal.kernel.locks import Claimable
from zezhou_portal.kernel.subjects import Subject


class StockBatch(Claimable):
    """One permit sheet, from upload to conversion."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(
        "licences.CatalogueEntry", models.PROTECT, related_name="stock_batches"
    )
    issuing_department = models.ForeignKey("parties.Department", models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=12, choices=BATCH.choices(), default=BATCH.initial)
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField(max_length=64)
    file_size = models.PositiveIntegerField()
    tab = models.CharField("表名", max_length=200, blank=True, default="")
    mapping = models.JSONField("列对应", default=dict)
    judged_on = models.DateField("核对日", null=True, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_convert = models.PositiveIntegerField(default=0)
    rows_not_in_force = models.PositiveIntegerField(default=0)
    rows_fault = models.PositiveIntegerField(default=0)
    rows_left_out = models.PositiveIntegerField("没有读的行", default=0)
    rows_done = models.PositiveIntegerField("已转换", default=0)
    received_by = models.ForeignKey("parties.Account", models.PROTECT, related_name="+")
    received_at = models.DateTimeField("上传时间")
    # everyone who took it in, mapped, checked or submitted: none of them may sign it off (M.7)
    hands = ArrayField(models.BigIntegerField(), default=list)
    submitted_by = models.ForeignKey("parties.Account", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    signed_off_by = models.ForeignKey(
        "parties.Account", models.PROTECT, null=True, related_name="+"
    )
    signed_off_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    remarks = models.CharField(max_length=500, blank=True)
    file_erased_at = models.DateTimeField("原文件清除时间", null=True, blank=True)
    is_stopped = models.BooleanField("暂停转换", default=False)

    class Meta:
        verbose_name = "许可清单"
        constraints = [
            models.UniqueConstraint(
                fields=["issuing_department", "entry", "file_digest", "tab"],
                condition=~models.Q(state="DROPPED"),
                name="a_sheet_is_taken_in_once",
            ),
        ]
        indexes = [
            # licences.stock.converting: batches to convert
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state="SIGNED_OFF"),
                name="batches_to_convert",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def subject(self) -> Subject:
        """How the trail names a sheet."""
        return Subject("stock_batch", str(self.uuid), self.file_name)


class RowOutcome(models.TextChoices):
    """The fate of a row by the rules."""

    CONVERT = "convert", "可转换"
    NOT_IN_FORCE = "not_in_force", "已不在有效期"
    FAULT = "fault", "有误"
    LEFT_OUT = "left_out", "没有读"


class StockRow(models.Model):
    """One row of a sheet: its fate, and the licence it became.

    `values` are the normalised values of a sound row (encrypted where sensitive); the
    representative's citizen id is used for the check and not kept.
    """

    batch = models.ForeignKey(StockBatch, models.CASCADE, related_name="rows")
    row_number = models.PositiveIntegerField("行号")
    outcome = models.CharField("结果", max_length=12, choices=RowOutcome.choices)
    fault = models.CharField(max_length=40, blank=True)  # the kind of the first of `faults`
    faults = models.JSONField(default=list)  # kind, field and sentence of each
    reason = models.TextField("原因", blank=True)
    label = models.CharField("名称", max_length=200, blank=True)
    values = models.JSONField(null=True)
    licence = models.OneToOneField(
        "licences.Licence", models.PROTECT, null=True, blank=True, related_name="stock_row"
    )

    class Meta:
        verbose_name = "清单行"
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number"], name="a_row_is_judged_once"),
        ]
        indexes = [
            # licences.stock.converting: sound rows not yet converted, in order
            models.Index(
                fields=["batch", "row_number"],
                condition=models.Q(outcome="convert", licence__isnull=True),
                name="rows_to_convert",
            ),
            models.Index(fields=["batch", "outcome", "row_number"], name="rows_by_outcome"),
            # licences.catalogue.numbers: whether a number stands on a paper not converted yet
            models.Index(
                KT("values__number"),
                condition=models.Q(licence__isnull=True),
                name="numbers_on_unconverted_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row_number}"


class SheetMapping(models.Model):
    """Which column holds which field in a department's ledgers of one form, as a person chose.

    The form is known by the digest of its headings; no cell of a ledger is kept.
    """

    issuing_department = models.ForeignKey("parties.Department", models.PROTECT, related_name="+")
    type_code = models.CharField(max_length=21)
    headings_digest = models.CharField(max_length=64)
    columns = models.JSONField("列对应", default=dict)
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = "清单列对应"
        constraints = [
            # licences.stock.mappings: the mapping of a form is offered again
            models.UniqueConstraint(
                fields=["issuing_department", "type_code", "headings_digest"],
                name="a_form_of_ledger_is_mapped_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.headings_digest[:8]}"
