"""The catalogue entries that wait: to be compiled, to be published (M.5, M.6)."""

from typing import Any

from django.urls import reverse

from licences.catalogue.desk_selectors import entries_of_department
from licences.catalogue.desk_selectors import entries_to_publish as entries_seen_by_bureau
from licences.lifecycle import ENTRY
from licences.models import CatalogueEntry
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.queues import (
    Figure,
    Headings,
    Queue,
    Room,
    Rows,
    UnderWay,
    WaitingItem,
    by_urgency,
    text_in,
)

_COMPILE = (Capability.COMPILE_ENTRIES,)
_PUBLISH = (Capability.PUBLISH_ENTRIES,)
_SEARCH = text_in("name", "type_code")


def _drafts(actor: Actor) -> Rows:
    return by_urgency(entries_of_department(actor).filter(state="DRAFT"), since="compiled_at")


def _submitted(actor: Actor) -> Rows:
    return by_urgency(entries_of_department(actor).filter(state="SUBMITTED"), since="submitted_at")


def _to_publish(actor: Actor) -> Rows:
    return by_urgency(entries_seen_by_bureau(actor).filter(state="SUBMITTED"), since="submitted_at")


def _under_way() -> Rows:
    return CatalogueEntry.objects.filter(state__in=("DRAFT", "SUBMITTED"))


def _item(entry: Any, route: str, detail: str) -> WaitingItem:
    is_back = entry.state == "DRAFT" and bool(entry.remarks)
    return WaitingItem(
        name=entry.name,
        url=reverse(route, args=[entry.uuid]),
        number=entry.type_code,
        kind=f"第 {entry.edition} 版",
        step="退回修改" if is_back else ENTRY.labels[entry.state],
        voice="back" if is_back else "open" if entry.state == "DRAFT" else "done",
        detail=detail,
        since=entry.since,
    )


def _own_item(entry: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    waits = "等管理单位核对公布" if entry.state == "SUBMITTED" else "编好后报送"
    return _item(entry, "licences:entry", entry.remarks or waits)


def _bureau_item(entry: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return _item(entry, "licences:publishing-entry", entry.issuing_department.name)


ROOM = Room(
    queues=(
        Queue(
            code="entries-draft", words="目录，等我编制报送", rows=_drafts, item=_own_item,
            capabilities=_COMPILE, doers=_COMPILE, place="licences:entries",
            figure=Figure.ALWAYS, contents="编制中和退回修改的目录", empty="没有编制中的目录",
            headings=Headings("证照、类型代码", "版次", "还差什么", "编制"), search=_SEARCH,
        ),
        Queue(
            code="entries-submitted", words="已报送，等公布", rows=_submitted, item=_own_item,
            capabilities=_COMPILE, figure=Figure.ALWAYS, empty="没有报送了还没公布的目录",
            headings=Headings("证照、类型代码", "版次", "情况", "报送"), search=_SEARCH,
        ),
        Queue(
            code="entries-publish", words="目录，等我核对公布", rows=_to_publish,
            item=_bureau_item, capabilities=_PUBLISH, doers=_PUBLISH,
            place="licences:publishing", figure=Figure.ALWAYS, contents="各单位报送的目录",
            empty="没有等您公布的目录",
            headings=Headings("证照、类型代码", "版次", "制发单位", "报送"), search=_SEARCH,
        ),
    ),
    under_way=UnderWay(
        words="编制中的目录", unit="条", rows=_under_way, department="issuing_department_id"
    ),
)  # fmt: skip
