"""Rows for every kind of page, made through the verbs that people use; run in the portal's own
environment: `python -m tests.browser.furnish`.

All for the bureau, whose sample people hold every role, and for kinds that no walk uses.
"""

import json
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from licences.applications import capturing, issuing, receiving, reviewing  # noqa: E402
from licences.catalogue import services as catalogue  # noqa: E402
from licences.models import Application, CatalogueEntry  # noqa: E402
from licences.queues import PRODUCE  # noqa: E402
from licences.register.selectors import representatives_known  # noqa: E402
from licences.stock import checking  # noqa: E402
from sample_county.loading.materials import excuse_materials  # noqa: E402
from sample_county.management.commands.load_sample_county import COUNTY  # noqa: E402
from tests.browser.desks import picture  # noqa: E402
from tests.factories.announced import proposed_calendar, proposed_successor  # noqa: E402
from tests.factories.parties import credit_code  # noqa: E402
from zezhou_portal.kernel import clock  # noqa: E402
from zezhou_portal.kernel.actors import Actor, Channel  # noqa: E402
from zezhou_portal.kernel.subjects import Subject  # noqa: E402
from zezhou_portal.parties.holders import services as holders  # noqa: E402
from zezhou_portal.parties.holders.merging import propose_merge  # noqa: E402
from zezhou_portal.parties.holders.proposing import propose_change  # noqa: E402
from zezhou_portal.parties.models import Account, Department, Holder  # noqa: E402
from zezhou_portal.parties.notices import stalled  # noqa: E402
from zezhou_portal.parties.staff import officials  # noqa: E402

KIND = "公共场所卫生许可证"
LONG_NAME = "泽州县巴公镇晋香食府餐饮管理服务有限责任公司南村镇第二分公司（样例）"
CODE = "91140525MA0E2E0259"
NUMBER = "晋泽卫公证字〔2026〕第{:04}号"


def acting(username: str) -> Actor:
    """A sample account at its own department."""
    account = Account.objects.select_related("department").get(username=username)
    postings = officials.live_postings(account, clock.today())
    return officials.official(account, account.department, postings, channel=Channel.COMMAND)


CLERK, REVIEWER = acting("approval.clerk"), acting("approval.reviewer")
DRAFT = "样例草稿许可证"
SIGNATORY, COMPILER = acting("approval.signatory"), acting("approval.compiler")


def application(holder: Holder, place: int, *, code: str = CODE) -> Application:
    """An application that is captured in full, with a document."""
    entry = CatalogueEntry.objects.select_related("issuing_department").get(
        name=KIND, state="PUBLISHED"
    )
    row = receiving.receive(actor=CLERK, entry=entry, holders=[holder], has_paper=True)
    known = representatives_known([holder]).get(holder.pk, ())
    row = capturing.capture(
        actor=CLERK,
        application=row,
        revision=row.revision,
        typed={
            "holder_name": holder.name,
            "credit_code": code,
            "legal_representative": known[0] if known else "侯㛃",
            "premises": "山西省晋城市泽州县巴公镇东四义村迎宾街与泽州路交叉口西北角商铺一层",
            "licensed_project": "住宿场所（宾馆）",
        },
        licence_number=NUMBER.format(place),
        valid_from=None,
        valid_until=date(2030, 11, 23),
        is_long_term=False,
        term_reason="房屋租到2030年11月",
    )
    capturing.attach(
        actor=CLERK, application=row, title="申请书", file_name="申请书.jpg", data=picture()
    )
    row.refresh_from_db()
    return row


def reached(holder: Holder, place: int, step: str, *, code: str = CODE) -> Application:
    """An application that has got as far as a step."""
    row = application(holder, place, code=code)
    if step == "CAPTURING":
        return row
    row = excuse_materials(actor=CLERK, application=row)
    row = receiving.submit(actor=CLERK, application=row, revision=row.revision)
    if step == "UNDER_REVIEW":
        return row
    if step == "RETURNED":
        return reviewing.send_back(
            actor=REVIEWER, application=row, revision=row.revision,
            reasons="经营场所的门牌号和房屋租赁合同不一致，以合同为准", fields=["premises"],
        )  # fmt: skip
    row = reviewing.approve(actor=REVIEWER, application=row, revision=row.revision)
    if step == "CONCLUDED":
        issuing.issue(actor=SIGNATORY, application=row, revision=row.revision)
    return row


def entries() -> None:
    """A draft of the catalogue and one that waits for the bureau."""
    source = CatalogueEntry.objects.get(name=KIND, state="PUBLISHED")
    department = Department.objects.get(pk=source.issuing_department_id)
    for code, name, is_submitted in (
        ("1114052529141777X1801", DRAFT, False),
        ("1114052529141777X1802", "样例待公布许可证", True),
    ):
        entry = catalogue.compile_entry(
            actor=COMPILER, department=department, type_code=code, written=_written(source, name)
        )
        if is_submitted:
            catalogue.submit_entry(actor=COMPILER, entry=entry)


def _written(source: CatalogueEntry, name: str) -> dict[str, Any]:
    kinds = json.loads((COUNTY / "catalogue.json").read_text(encoding="utf-8"))
    kind = next(one for one in kinds if one["name"] == source.name)
    return {
        "name": name,
        "code_source": "占位代码，待换国家代码",
        "supervisor": "",
        "holder_kind": kind["holder"],
        "several_holders": False,
        "validity_years": kind["validity_years"],
        "about": kind["about"],
        "legal_basis": "\n".join(kind["legal_basis"]),
        "service_items": [
            {"code": f"TEST-{source.type_code[-3:]}-{len(name)}", "name": f"{name}核发"}
        ],
        "materials": kind["materials"],
        "working_days": kind["working_days"],
        "conditions": "",
        "items": kind["items"],
        "number_rule": kind["number"],
    }


def permit_sheets() -> None:
    """Sheets that were read, checked and submitted."""
    entry = CatalogueEntry.objects.get(name="食品经营许可证", state="PUBLISHED")
    data = (COUNTY / "stock" / "food-licences-gb18030.csv").read_bytes()
    head, *lines = data.split(b"\n")[:31]
    for place, step in enumerate(("READ", "CHECKED", "SUBMITTED")):
        part = b"\n".join([head, *lines[place * 10 : place * 10 + 10]]) + b"\n"
        name = f"食品经营许可存量清单第{place + 1}部分.csv"
        batch = checking.take_in(actor=CLERK, entry=entry, file_name=name, data=part)
        if step != "READ":
            batch = checking.check(actor=CLERK, batch=batch)
        if step == "SUBMITTED":
            checking.submit(actor=CLERK, batch=batch)


def main() -> None:
    """Everything; nothing where it is there already."""
    # what other tests make of the same kind is no sign of it
    if CatalogueEntry.objects.filter(name=DRAFT).exists():
        return
    holder = holders.enter_holder(
        actor=CLERK, kind="legal_person", name=LONG_NAME, identity_type="001", identity_number=CODE
    ).holder
    for place, step in enumerate(
        ("CAPTURING", "UNDER_REVIEW", "UNDER_REVIEW", "RETURNED", "APPROVED", "CONCLUDED"), start=1
    ):
        reached(holder, place, step)
    entry = CatalogueEntry.objects.get(name=KIND, state="PUBLISHED")
    receiving.receive(actor=CLERK, entry=entry, holders=[holder])
    entries()
    permit_sheets()
    newborns()
    for_a_second_official()
    of_another_department()
    _what_stalled()
    _fresh_phone("approval.verifier")
    _lock("civil.compiler")


def newborns() -> None:
    """Two who were entered without a number; one of them proposed to be somebody else."""
    first, _ = (
        holders.enter_holder(
            actor=CLERK, kind="natural_person", name=name, no_number_reason="新生儿，户口还没有登记"
        ).holder
        for name in ("谢样例甲", "谢样例乙")
    )
    number = "140525199003071231"
    other = holders.enter_holder(
        actor=CLERK, kind="natural_person", name=first.name, identity_type="111",
        identity_number=number,
    ).holder  # fmt: skip
    propose_merge(
        actor=CLERK, holder=first, identity_type="111", identity_number=number, name=other.name,
        ground="户口簿、出生医学证明第 T140525001 号",
    )  # fmt: skip


def for_a_second_official() -> None:
    """A year and a text that wait for a second official."""
    proposed_calendar(acting("approval.administrator"))
    proposed_successor(acting("approval.administrator"), numbers={"generation_offline": 2})


def of_another_department() -> None:
    """A holder whom another department entered; a change of them waits for a second official."""
    code = credit_code(898_777)
    holder = holders.enter_holder(
        actor=acting("water.clerk"), kind="legal_person", name="泽州县样例邻家旅店有限公司",
        identity_type="001", identity_number=code,
    ).holder  # fmt: skip
    reached(holder, 8, "APPROVED", code=code)
    propose_change(actor=CLERK, holder=holder, phone="13800000001")


def _what_stalled() -> None:
    """A licence that could not be made."""
    department = Department.objects.get(pk=CLERK.department_id)
    about = stalled.About(Subject("licence", "browser", "样例证照"), department)
    stalled.put_off(PRODUCE, "browser", about, "照面画不出来。", is_technical=True)


def _fresh_phone(username: str) -> None:
    """An account whose phone was just bound."""
    hence = clock.now() + timedelta(hours=20)
    Account.objects.filter(username=username).update(signs_from=hence)


def _lock(username: str) -> None:
    """An account that somebody has tried to guess."""
    account = Account.objects.get(username=username)
    account.locked_until = clock.now() + timedelta(minutes=15)
    account.save(update_fields=["locked_until"])


if __name__ == "__main__":
    main()
