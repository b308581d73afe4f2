"""Every verb pressed twice in the same moment, on two connections: done once, and said once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from audit.trail.models import Record
from licences.applications import capturing, issuing, receiving, reviewing
from licences.catalogue import services as catalogue
from licences.models import Application, Attachment, CatalogueEntry, Licence, StockBatch
from licences.stock import checking
from tests.cast import Cast
from tests.factories.announced import proposed_calendar, proposed_successor
from tests.factories.catalogue import entry_of, guide_of, kinds
from tests.factories.licences import FOOD, Applications
from tests.factories.parties import PostingFactory, citizen_id
from tests.factories.seals import seal_of
from zezhou_portal.kernel import clock
from zezhou_portal.parties.holders import services as holders
from zezhou_portal.parties.models import Holder, Posting, Role
from zezhou_portal.parties.staff import postings
from zezhou_portal.parties.staff.officials import live_postings, official
from zezhou_portal.regulation.errors import FormFault, RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def applications() -> Applications:
    cast = Cast()
    seal_of(cast.market)
    return Applications(cast)


def at_once(*verbs: Callable[[], Any]) -> list[str]:
    """Runs the verbs on a connection each, begun together; `done` or the kind of refusal."""
    start = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> str:
        try:
            start.wait(timeout=30)
            verb()
        except FormFault:
            return "RuleBroken"  # refused as well, without a record
        except Exception as error:
            return type(error).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(verbs)) as hands:
        return sorted(hands.map(run, verbs))


ONCE = ["RuleBroken", "done"]


def recorded(action: str, *, kind: str) -> list[str]:
    rows = Record.objects.filter(action=action, subject_kind=kind).order_by("outcome")
    return list(rows.values_list("outcome", flat=True))


@pytest.mark.article("M.7")
def test_submit_and_approve_when_pressed_twice_then_once(applications: Applications) -> None:
    row = applications.captured()
    clerk, reviewer = applications.actor("clerk"), applications.actor("reviewer")

    def submit() -> None:
        receiving.submit(actor=clerk, application=row, revision=row.revision)

    assert at_once(submit, submit) == ONCE
    assert recorded("application_submitted", kind="application") == ["done", "refused"]
    row.refresh_from_db()

    def approve() -> None:
        reviewing.approve(actor=reviewer, application=row, revision=row.revision)

    assert at_once(approve, approve) == ONCE
    assert recorded("application_approved", kind="application") == ["done", "refused"]
    assert row.reviews.count() == 1


@pytest.mark.article("M.7")
def test_judging_when_it_was_approved_meanwhile_then_no_longer_the_reviewer_s(
    applications: Applications,
) -> None:
    seen = applications.submitted()
    reviewer = applications.actor("reviewer")
    other = applications.cast.account("market.custodian")
    PostingFactory(account=other, department=applications.department, role="reviewer")
    second = official(other, applications.department, live_postings(other, clock.today()))
    fresh = Application.objects.get(pk=seen.pk)
    approved = reviewing.approve(actor=second, application=fresh, revision=fresh.revision)
    with pytest.raises(RuleBroken, match="这一件有变化"):
        reviewing.refuse(
            actor=reviewer, application=seen, revision=approved.revision, reasons="晚了一步"
        )
    seen.refresh_from_db()
    assert seen.state == "APPROVED"


@pytest.mark.article("M.6")
def test_issue_when_pressed_twice_then_one_licence_and_one_number(
    applications: Applications,
) -> None:
    row, signatory = applications.approved(), applications.actor("signatory")

    def issue() -> None:
        issuing.issue(actor=signatory, application=row, revision=row.revision)

    assert at_once(issue, issue) == ONCE
    assert Licence.objects.count() == 1
    assert recorded("licence_issued", kind="application") == ["done", "refused"]
    assert recorded("licence_issued", kind="licence") == ["done"]


@pytest.mark.article("M.6")
def test_issue_when_two_applications_carry_the_same_typed_number_then_one_is_refused() -> None:
    cast = Cast()
    seal_of(cast.market)
    applications = Applications(cast)
    CatalogueEntry.objects.filter(pk=applications.entry.pk).update(number_rule={"rule": "typed"})
    applications.entry.refresh_from_db()
    rows = []
    for _ in range(2):
        row = applications.captured()
        row.licence_number = "取水特字1号"
        row.save(update_fields=["licence_number"])
        row = receiving.submit(
            actor=applications.actor("clerk"), application=row, revision=row.revision
        )
        rows.append(
            reviewing.approve(
                actor=applications.actor("reviewer"), application=row, revision=row.revision
            )
        )
    signatory = applications.actor("signatory")
    came = at_once(
        *[
            lambda row=row: issuing.issue(actor=signatory, application=row, revision=row.revision)
            for row in rows
        ]
    )
    assert came == ONCE
    assert list(Licence.objects.values_list("number", flat=True)) == ["取水特字1号"]


def test_numbers_when_two_are_signed_off_at_once_then_each_its_own(
    applications: Applications,
) -> None:
    rows, signatory = [applications.approved() for _ in range(4)], applications.actor("signatory")
    came = at_once(
        *[
            lambda row=row: issuing.issue(actor=signatory, application=row, revision=row.revision)
            for row in rows
        ]
    )
    assert came == ["done"] * 4
    assert len(set(Licence.objects.values_list("number", flat=True))) == 4


@pytest.mark.article("M.3")
def test_holder_when_entered_twice_then_one_row(applications: Applications) -> None:
    clerk = applications.actor("clerk")

    def enter() -> None:
        holders.enter_holder(
            actor=clerk, kind="natural_person", name="张三", identity_type="111",
            identity_number=citizen_id(7),
        )  # fmt: skip

    assert at_once(enter, enter) == ["done", "done"]
    assert Holder.objects.filter(name="张三").count() == 1


def test_file_when_attached_twice_then_one_row(applications: Applications) -> None:
    row, clerk = applications.received(), applications.actor("clerk")

    def attach() -> None:
        capturing.attach(
            actor=clerk, application=row, title="", file_name="a.pdf", data=b"%PDF-same"
        )

    assert at_once(attach, attach) == ["done", "done"]
    assert Attachment.objects.filter(application=row).count() == 1


@pytest.mark.article("M.24")
def test_person_when_appointed_twice_then_once(applications: Applications) -> None:
    person, administrator = applications.cast.account("market.clerk"), applications.cast.actor(
        "bureau.administrator"
    )  # fmt: skip

    def appoint() -> None:
        postings.appoint(
            actor=administrator, account=person, department=applications.department,
            role=Role.REVIEWER, from_on=clock.today(),
        )  # fmt: skip

    assert at_once(appoint, appoint) == ONCE
    assert Posting.objects.filter(account=person, role="reviewer").count() == 1


def _edition(applications: Applications) -> dict[str, Any]:
    name = applications.entry.name
    kind = kinds()[name]
    return {"name": name, "holder_kind": kind["holder"], "items": kind["items"],
            "number_rule": kind["number"], **guide_of(kind, applications.department)}  # fmt: skip


@pytest.mark.article("M.6")
def test_edition_when_begun_and_published_twice_then_once(applications: Applications) -> None:
    compiler, bureau = (
        applications.actor("compiler"),
        applications.cast.actor("bureau.administrator"),
    )

    def begin() -> None:
        catalogue.start_edition(
            actor=compiler, entry=applications.entry, written=_edition(applications),
        )  # fmt: skip

    assert at_once(begin, begin) == ONCE
    edition = CatalogueEntry.objects.get(type_code=applications.entry.type_code, edition=2)
    catalogue.submit_entry(actor=compiler, entry=edition)

    def publish() -> None:
        catalogue.publish_entry(actor=bureau, entry=edition)

    assert at_once(publish, publish) == ONCE
    states = CatalogueEntry.objects.filter(type_code=edition.type_code).order_by("edition")
    assert list(states.values_list("state", flat=True)) == ["REPLACED", "PUBLISHED"]


@pytest.mark.article("M.10")
def test_sheet_when_taken_in_and_signed_off_twice_then_once() -> None:
    cast = Cast()
    seal_of(cast.market)
    entry = entry_of(FOOD, cast.market)
    clerk, signatory = cast.actor("market.clerk"), cast.actor("market.signatory")
    data = "行政相对人名称,许可编号,有效期至\n甲,JY1,2030-01-01\n".encode()

    def take_in() -> None:
        checking.take_in(actor=clerk, entry=entry, file_name="清单.csv", data=data)

    assert at_once(take_in, take_in) == ONCE
    batch = StockBatch.objects.get(entry=entry)
    StockBatch.objects.filter(pk=batch.pk).update(
        state="SUBMITTED", rows_convert=1, submitted_by=cast.account("market.clerk")
    )

    def sign_off() -> None:
        checking.sign_off(actor=signatory, batch=batch)

    assert at_once(sign_off, sign_off) == ONCE


@pytest.mark.article("M.5")
def test_publish_when_it_was_amended_by_the_same_hand_then_refused(
    applications: Applications,
) -> None:
    both = applications.cast.account("bureau.administrator")
    PostingFactory(account=both, department=applications.department, role="catalogue_compiler")
    lived = live_postings(both, clock.today())
    there = official(both, applications.department, lived)
    here = official(both, applications.cast.bureau, lived)
    edition = catalogue.start_edition(
        actor=applications.actor("compiler"), entry=applications.entry, written=_edition(applications),
    )  # fmt: skip
    catalogue.amend_entry(actor=there, entry=edition, written={"conditions": "改过"})
    catalogue.submit_entry(actor=applications.actor("compiler"), entry=edition)
    with pytest.raises(RuleBroken, match="由别人核对后公布"):
        catalogue.publish_entry(actor=here, entry=edition)


@pytest.mark.article("M.32")
def test_successor_and_calendar_when_entered_twice_then_once() -> None:
    who = Cast().actor("bureau.administrator")
    assert at_once(lambda: proposed_successor(who), lambda: proposed_successor(who)) == ONCE
    assert at_once(lambda: proposed_calendar(who), lambda: proposed_calendar(who)) == ONCE
