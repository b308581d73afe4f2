"""The permit sheets that wait: to be checked, to be signed off, under conversion (M.10)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from licences.lifecycle import BATCH
from licences.models import StockBatch
from licences.stock.selectors import batches_of, not_by
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.queues import (
    Headings,
    Queue,
    Room,
    Rows,
    UnderWay,
    WaitingItem,
    by_urgency,
    text_in,
)

_HEADINGS = Headings("许可清单", "证照", "核对结果", "开始")
_PLACE = "licences:stock"


def _to_hand_in(actor: Actor) -> Rows:
    return by_urgency(batches_of(actor).filter(state__in=("READ", "CHECKED")), since="received_at")


def _to_sign_off(actor: Actor) -> Rows:
    rows = batches_of(actor, "SUBMITTED").filter(not_by(actor.account_id))
    return by_urgency(rows, since="submitted_at")


def _converting(actor: Actor) -> Rows:
    return by_urgency(batches_of(actor, "SIGNED_OFF"), since="signed_off_at")


def _under_way() -> Rows:
    return StockBatch.objects.filter(~Q(state__in=BATCH.terminal))


def _item(batch: Any, actor: Actor) -> WaitingItem:
    signs = batch.state == "SUBMITTED" and actor.has(Capability.SIGN_OFF_STOCK.value)
    name = "licences:stock-sign-off" if signs else "licences:stock-sheet"
    is_back = batch.state == "CHECKED" and bool(batch.remarks)
    return WaitingItem(
        name=batch.file_name,
        url=reverse(name, args=[batch.uuid]),
        kind=batch.entry.name,
        step="退回修改" if is_back else batch.get_state_display(),
        voice="back" if is_back else "open" if batch.state in {"READ", "CHECKED"} else "done",
        detail=_detail_of(batch),
        since=batch.since,
    )


def _detail_of(batch: StockBatch) -> str:
    if batch.state == "SIGNED_OFF":
        stopped = "，已暂停" if batch.is_stopped else ""
        return f"已转换 {batch.rows_done:,}/{batch.rows_convert:,} 行{stopped}"
    if not batch.rows_total:
        return "还没有核对"
    faults = f"，有问题 {batch.rows_fault:,} 行" if batch.rows_fault else ""
    return f"可转换 {batch.rows_convert:,} 行{faults}"


ROOM = Room(
    queues=(
        Queue(
            code="sheets", words="清单，等我核对提交", rows=_to_hand_in, item=_item,
            capabilities=(Capability.IMPORT_STOCK,), doers=(Capability.IMPORT_STOCK,),
            place=_PLACE, contents="许可清单", empty="没有等您核对提交的清单",
            headings=_HEADINGS, search=text_in("file_name"), kind="entry__type_code",
        ),
        Queue(
            code="sheets-sign-off", words="清单，等我签批", rows=_to_sign_off, item=_item,
            capabilities=(Capability.SIGN_OFF_STOCK,), doers=(Capability.SIGN_OFF_STOCK,),
            place=_PLACE, contents="等签批的许可清单", empty="没有等您签批的清单",
            headings=_HEADINGS, search=text_in("file_name"), kind="entry__type_code",
        ),
        Queue(
            code="sheets-converting", words="清单，正在转换", rows=_converting, item=_item,
            capabilities=(Capability.IMPORT_STOCK, Capability.SIGN_OFF_STOCK),
            empty="没有正在转换的清单", headings=_HEADINGS, search=text_in("file_name"),
            kind="entry__type_code",
        ),
    ),
    under_way=UnderWay(
        words="许可清单", unit="份", rows=_under_way, department="issuing_department_id"
    ),
)  # fmt: skip
