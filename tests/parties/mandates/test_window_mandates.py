"""What a window records of who acts for whom, and ends again (M.20)."""

import io
from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from audit.trail.models import Record
from tests.cast import Cast
from tests.families import number_of
from tests.parties.mandates.test_mandates import CLERK, _soon, refused
from tests.records import outcomes
from zezhou_portal.parties.mandates.ending import end_mandate
from zezhou_portal.parties.mandates.giving import Named
from zezhou_portal.parties.mandates.window import Consent, record_at_window
from zezhou_portal.parties.models import Basis, Mandate, Notification

pytestmark = [pytest.mark.django_db, pytest.mark.article("M.20")]

CONSENT = Consent("同意书.pdf", b"%PDF-1.4 signed")


def window(cast: Cast, who: str = "power.verifier", **how: Any) -> Mandate:
    values: dict[str, Any] = {
        "kind": "helper",
        "principal": Named("李奶奶", number_of(date(1948, 1, 2), 8)),
        "agent": CLERK,
        "powers": ["show"],
        "until_on": _soon(),
        "evidence": "双方身份证原件、书面同意书",
        "consent": CONSENT,
    }
    return record_at_window(actor=cast.actor(who), **{**values, **how})


def test_window_when_a_helper_is_recorded_then_department_papers_and_both_sides_are_kept(
    cast: Cast,
) -> None:
    mandate = window(cast, evidence="身份证 11010519491231002X、书面同意书")
    assert mandate.recording_department == cast.power
    assert mandate.recorded_by == cast.account("power.verifier")
    assert (mandate.basis, mandate.kind) == (Basis.WINDOW, "helper")
    assert "11010519491231002X" not in mandate.evidence
    record = Record.objects.get(action="mandate_recorded", subject_kind="mandate")
    assert record.department_name == cast.power.name
    told = Notification.objects.filter(action="mandate_recorded", holder__isnull=False)
    assert [row.holder_id for row in told] == [mandate.principal_id]
    assert all(cast.power.name in row.body for row in told)


def test_window_when_a_guardian_is_recorded_then_ends_the_day_before_the_child_is_of_age(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    born = date(2010, 2, 28)
    mandate = window(
        cast,
        kind="guardian",
        principal=Named("小女儿", number_of(born, 5)),
        until_on=None,
        powers=[],
        evidence="户口簿原件、母亲身份证原件",
    )
    assert mandate.until_on == date(2028, 2, 27)
    assert mandate.powers == ["see", "show", "copy"]
    grown = Named("成年人", number_of(date(2008, 11, 18), 5))
    said = refused(lambda: window(cast, kind="guardian", principal=grown))
    assert "已经年满 18 周岁" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"evidence": " "}, "请写明看了哪些材料"),
        ({"evidence": "材" * 121}, "材料最多写 120 个字"),
        ({"kind": "agent"}, "经办人由法定代表人、经营者自己委托"),
        ({"kind": "legal_representative"}, "经办人由法定代表人、经营者自己委托"),
        ({"until_on": None}, "还没有填代办到哪一天为止"),
        ({"powers": ["appoint"]}, "不能委托给别人"),
        ({"agent": Named("李奶奶", number_of(date(1948, 1, 2), 8))}, "代办人就是持证人自己"),
        ({"principal": Named("小孩", number_of(date(2015, 1, 1), 8))}, "由父母代办"),
    ],
)  # fmt: skip
def test_window_when_something_is_missing_or_wrong_then_said(
    cast: Cast, changes: dict[str, Any], said: str, wednesday: time_machine.Traveller
) -> None:
    assert said in refused(lambda: window(cast, **changes))
    assert Mandate.objects.count() == 0
    typed = {"evidence", "until_on"} & set(changes)  # a form not filled in right is no act
    assert [one[0] for one in outcomes("mandate_recorded")] == ([] if typed else ["refused"])


@pytest.mark.parametrize("who", ["market.clerk", "bureau.auditor", "land.signatory"])
def test_window_when_a_clerk_has_no_such_post_then_refused(cast: Cast, who: str) -> None:
    assert "没有“窗口登记代办关系”的权限" in refused(lambda: window(cast, who))


def test_window_when_it_ends_one_then_only_the_department_that_recorded_it(cast: Cast) -> None:
    mandate = window(cast)
    neighbours = window(
        cast, "market.verifier", principal=Named("邻家奶奶", number_of(date(1947, 1, 1), 3))
    )
    refused(lambda: end_mandate(actor=cast.actor("market.verifier"), mandate=mandate))
    refused(lambda: end_mandate(actor=cast.actor("power.verifier"), mandate=neighbours))
    end_mandate(actor=cast.actor("power.verifier"), mandate=mandate)
    mandate.refresh_from_db()
    assert mandate.end_reason == "at_window"


@pytest.mark.article("M.26")
def test_list_when_exported_then_names_are_masked_as_on_the_page(cast: Cast) -> None:
    window(cast)
    window(cast, principal=Named("王奶奶", number_of(date(1949, 1, 2), 8)))
    client, address = cast.client("power.verifier"), reverse("usage:window-mandates")
    page = client.get(address)
    book = load_workbook(io.BytesIO(client.post(address).content))
    exported = [row[0].value for row in book.active.iter_rows(min_row=2)]
    shown = [
        f"{row.agent}代{row.principal}（{row.shown.relation}）" for row in page.context["rows"]
    ]
    assert len(exported) == 2
    assert exported == shown
    for name in ("李奶奶", "王奶奶", CLERK.name):
        assert name not in str(exported) + page.content.decode()
    assert Record.objects.get(action="list_exported").facts["rows"] == 2
