"""Permit sheets as their pages and the shell show them: rows, faults, progress (M.10)."""

from dataclasses import dataclass

from django.db.models import Count, F, Func, JSONField, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from licences.data_items import items_of
from licences.models import CatalogueEntry, LicenceVersion, RowOutcome, StockBatch, StockRow
from licences.register.visibility import batches_visible_to
from zezhou_portal.kernel.actors import Actor

FAULT_WORDS = {
    "already_registered": "已经有电子证照",
    "begins_too_early": "有效期早于许可决定",
    "contradicting_dates": "有效期两处对不上",
    "error_cell": "表格算不出来的错误值",
    "lost_digits": "被表格存成数字，丢了后几位",
    "perhaps_ended": "说不准是不是还有效",
    "term_does_not_fit": "有效期与规定不符",
    "unreadable_character": "有显示不出来的字",
    "unreadable_row": "整行读不出来",
    "bad_choice": "不在可选的几种里",
    "bad_citizen_id": "公民身份号码不对",
    "bad_identity_number": "身份证件号码不对",
    "bad_credit_code": "统一社会信用代码不对",
    "bad_licence_number": "许可编号不对",
    "duplicate_number": "编号与另一行重复",
    "future_decision": "许可决定日期还没有到",
    "impossible_date": "日期不存在",
    "missing_date": "没有填日期",
    "missing_holder_name": "没有持证主体名称",
    "missing_number": "没有许可编号",
    "no_holder_identity": "没有可用的身份号码",
    "not_the_holder": "照面写的不是持证人",
    "other_department": "不是本单位的许可",
    "reversed_dates": "有效期起止颠倒",
    "too_long": "超过规定长度",
    "unknown_licence_kind": "不是这种证照",
    "unknown_status": "当前状态看不懂",
    "unlimited_validity": "有效期写成了长期",
    "unreadable_date": "日期看不懂",
    "unsupported_identity": "证件类型看不懂或照面写不下",
}


@dataclass(frozen=True)
class FaultCount:
    """How many rows of a sheet have one fault."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class Progress:
    """How far a signed-off sheet is: rows in the register, and files sealed of those."""

    total: int
    entered: int
    sealed: int
    trouble: str

    @property
    def is_finished(self) -> bool:
        """Whether every licence has its sealed file."""
        return self.sealed >= self.total


def fault_words(code: str) -> str:
    """A fault in a few words."""
    return FAULT_WORDS.get(code, "其他问题")


def entries_to_convert(actor: Actor) -> QuerySet[CatalogueEntry]:
    """The published kinds of the department one acts for."""
    return CatalogueEntry.objects.filter(
        state="PUBLISHED", issuing_department_id=actor.department_id or 0
    ).order_by("name", "id")


def batches_of(actor: Actor, state: str = "") -> QuerySet[StockBatch]:
    """The permit sheets of the department one acts for, in one state where it is given."""
    found = batches_visible_to(actor).select_related(
        "entry__issuing_department", "issuing_department", "received_by", "submitted_by"
    )
    return found.filter(state=state) if state else found


def not_by(account_id: int | None) -> Q:
    """Sheets that a person had no hand in, so that they may sign them off (M.7)."""
    me = account_id or 0
    return ~(Q(received_by_id=me) | Q(submitted_by_id=me, submitted_by__isnull=False)) & ~Q(
        hands__contains=[me]
    )


def batch_by_uuid(actor: Actor, uuid: str) -> StockBatch | None:
    """One sheet of the department one acts for; None for a neighbour's as for none."""
    return batches_of(actor).select_related("signed_off_by").filter(uuid=uuid).first()


def batch_of_file(entry: CatalogueEntry, digest: str, tab: str) -> StockBatch | None:
    """The sheet that was taken in from a tab of a file, unless it was given up.

    Sheets taken in before tabs were told apart have none.
    """
    return (
        StockBatch.objects.filter(
            entry=entry,
            issuing_department=entry.issuing_department,
            file_digest=digest,
            tab__in=["", tab],
        )
        .exclude(state="DROPPED")
        .first()
    )


def faults_of(batch: StockBatch) -> list[FaultCount]:
    """The faults of a sheet's rows, the most frequent first; a row can have several."""
    codes = Func(
        F("faults"), Value("$[*].kind"), function="jsonb_path_query", output_field=JSONField()
    )
    found = (
        batch.rows.filter(outcome=RowOutcome.FAULT)
        .annotate(code=codes)
        .values("code")
        .annotate(count=Count("pk", distinct=True))
        .values_list("code", "count")
    )
    return sorted(
        (FaultCount(code, fault_words(code), count) for code, count in found),
        key=lambda fault: (-fault.count, fault.code),
    )


def rows_of(batch: StockBatch) -> QuerySet[StockRow]:
    """A sheet's rows with the licences they became."""
    return batch.rows.select_related("licence")


def with_fault(rows: QuerySet[StockRow], fault: str) -> QuerySet[StockRow]:
    """Of the rows the faulty ones with one fault, be it the first or another."""
    return rows.filter(outcome=RowOutcome.FAULT, faults__contains=[{"kind": fault}])


@dataclass(frozen=True)
class Gap:
    """How many sound rows say nothing of an item that the kind requires."""

    name: str
    count: int


def gaps_of(batch: StockBatch) -> list[Gap]:
    """What the faces of a sheet's licences will print a stroke for, item by item."""
    items = [item for item in items_of(batch.entry.items) if item.required]
    rows = batch.rows.filter(outcome=RowOutcome.CONVERT, licence__isnull=True)
    said = {item.key: Count("pk", filter=~Q(values__items__has_key=item.key)) for item in items}
    counts = rows.aggregate(**said) if said else {}
    return [Gap(item.name, counts[item.key]) for item in items if counts[item.key]]


def sound_row(batch: StockBatch, row_number: int) -> StockRow | None:
    """A row that would become a licence and has not yet, by its number in the file."""
    return (
        batch.rows.select_related("batch__entry__issuing_department")
        .filter(row_number=row_number, outcome=RowOutcome.CONVERT, licence__isnull=True)
        .first()
    )


def spot_rows(batch: StockBatch, most: int = 5) -> list[StockRow]:
    """Sound rows spread evenly over a sheet, to be looked at before it is handed on."""
    step = max(batch.rows_convert // most, 1)
    placed = batch.rows.filter(outcome=RowOutcome.CONVERT, licence__isnull=True).annotate(
        place=Window(RowNumber(), order_by=F("row_number").asc()) - 1
    )
    return list(placed.annotate(rest=F("place") % step).filter(rest=0).order_by("place")[:most])


def progress_of(batch: StockBatch) -> Progress:
    """How far conversion and sealing of a sheet are, and what keeps them from going on."""
    counted = batch.rows.filter(licence__isnull=False).aggregate(
        entered=Count("pk"), sealed=Count("pk", filter=~Q(licence__state="AWAITING_FILE"))
    )
    trouble = batch.last_error if batch.state == "SIGNED_OFF" else ""
    if not trouble and counted["sealed"] < counted["entered"]:
        trouble = (
            LicenceVersion.objects.filter(licence__stock_row__batch=batch, is_made=False)
            .exclude(last_error="")
            .values_list("last_error", flat=True)
            .first()
            or ""
        )
    return Progress(batch.rows_convert, counted["entered"], counted["sealed"], trouble)
