"""A leaver's open work: told, counted, handed on to somebody who may do it (M.24)."""

import pytest
from django.urls import reverse

from licences.applications.handing_on import hand_on_work
from licences.models import Application, StockBatch
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.parties import PostingFactory
from tests.records import records
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Account, Notification
from zezhou_portal.parties.staff import accounts, departments, postings
from zezhou_portal.parties.staff.selectors import leavers
from zezhou_portal.parties.waiting import rooms
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.article("M.24"),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.fixture
def applications(cast: Cast) -> dict[str, Application]:
    """One application in each state, in the name of the market's clerk."""
    entry = entry_of("食品经营许可证", cast.market)
    clerk = cast.account("market.clerk")
    states = (
        "RECEIVED",
        "CAPTURING",
        "UNDER_REVIEW",
        "RETURNED",
        "APPROVED",
        "CONCLUDED",
        "REFUSED",
        "WITHDRAWN",
    )
    return {
        state: Application.objects.create(
            number=f"GT-{state}", entry=entry, issuing_department=cast.market, state=state,
            received_by=clerk, received_at=clock.now(), in_hand_of=clerk,
        )
        for state in states
    }  # fmt: skip


def _colleague(cast: Cast, role: str = "capture_clerk") -> Account:
    return PostingFactory(department=cast.market, role=role).account


def test_hand_on_when_leaver_is_closed_then_told_and_moved_by_desk(
    cast: Cast, applications
) -> None:
    leaver = cast.account("market.clerk")
    accounts.close_account(actor=cast.actor("bureau.system"), account=leaver)
    told = Notification.objects.get(account=cast.account("bureau.administrator"))
    assert (told.is_urgent, told.link) == (True, reverse("parties:hand-on", args=[leaver.uuid]))
    assert [(row.pk, row.work_count) for row in leavers()] == [(leaver.pk, 5)]
    actor = cast.actor("bureau.administrator")
    clerk, reviewer = _colleague(cast), cast.account("market.reviewer")
    taken = {"leaver": leaver, "department": cast.market, "actor": actor}
    assert hand_on_work(successor=clerk, **taken) == 3
    assert hand_on_work(successor=reviewer, **taken) == 1
    assert [one.count for one in rooms.of_account(leaver.pk)] == [1]
    in_hand = dict(Application.objects.values_list("state", "in_hand_of__username"))
    assert in_hand == {
        "RECEIVED": clerk.username, "CAPTURING": clerk.username, "RETURNED": clerk.username,
        "UNDER_REVIEW": "market.reviewer", "APPROVED": "market.clerk",
        "CONCLUDED": "market.clerk", "REFUSED": "market.clerk", "WITHDRAWN": "market.clerk",
    }  # fmt: skip
    each = [row for row in records("work_handed_on") if row.subject_kind == "application"]
    assert sorted(row.subject_label for row in each) == [
        "GT-CAPTURING", "GT-RECEIVED", "GT-RETURNED", "GT-UNDER_REVIEW",
    ]  # fmt: skip
    assert Notification.objects.get(account=clerk).title == f"{leaver.name}的 3 件已移交给您"


def test_hand_on_when_a_capturer_gets_the_application_to_review_then_left_with_the_leaver(
    cast: Cast, applications
) -> None:
    reviewer = cast.account("market.reviewer")
    applications["UNDER_REVIEW"].captured_by = reviewer
    applications["UNDER_REVIEW"].capturers = [reviewer.pk]
    applications["UNDER_REVIEW"].save()
    with pytest.raises(RuleBroken) as caught:
        hand_on_work(
            actor=cast.actor("bureau.administrator"), leaver=cast.account("market.clerk"),
            successor=reviewer, department=cast.market,
        )  # fmt: skip
    assert caught.value.article == "M.24"


@pytest.mark.parametrize(
    ("successor", "words"),
    [
        ("land.clerk", "在泽州县市场监督管理局没有岗位"),
        ("market.custodian", "能接的件"),
        ("market.clerk", "移交要交给另一个人"),
    ],
)
def test_hand_on_when_successor_cannot_take_it_then_refused(
    cast, applications, successor, words
) -> None:
    with pytest.raises(RuleBroken, match=words):
        hand_on_work(
            actor=cast.actor("bureau.administrator"), leaver=cast.account("market.clerk"),
            successor=cast.account(successor), department=cast.market,
        )  # fmt: skip
    assert [row.outcome for row in records("work_handed_on")] == ["refused"]
    assert set(Application.objects.values_list("in_hand_of__username", flat=True)) == {
        "market.clerk"
    }


def test_hand_on_when_not_the_bureau_administrator_then_refused(cast: Cast, applications) -> None:
    for who in ("market.signatory", "bureau.system", "land.clerk"):
        with pytest.raises(NotPermitted):
            hand_on_work(
                actor=cast.actor(who), leaver=cast.account("market.clerk"),
                successor=_colleague(cast), department=cast.market,
            )  # fmt: skip


def test_close_department_when_applications_are_open_then_refused(cast: Cast, applications) -> None:
    with pytest.raises(RuleBroken) as caught:
        departments.close_department(
            actor=cast.actor("bureau.administrator"), department=cast.market
        )
    assert (
        caught.value.reason == "泽州县市场监督管理局还有 5 件办件没有办结。先办结或移交，再停用。"
    )


def test_close_department_when_sheets_and_drafts_are_under_way_then_refused_and_told(
    cast: Cast,
) -> None:
    entry = entry_of("食品经营许可证", cast.land)
    draft = entry_of("食品经营许可证", cast.land, state="DRAFT", edition=2, published_at=None)
    clerk = cast.account("land.clerk")
    sheet = StockBatch.objects.create(
        entry=entry, issuing_department=cast.land, state="CHECKED", file_name="清单.csv",
        file_digest="0" * 64, file_size=1, received_by=clerk, received_at=clock.now(),
    )  # fmt: skip
    close = {"actor": cast.actor("bureau.administrator"), "department": cast.land}
    with pytest.raises(RuleBroken) as caught:
        departments.close_department(**close)
    assert "还有 1 份许可清单、1 条编制中的目录没有办结" in caught.value.reason
    # they stand in nobody's name, and a neighbour's stand in nobody else's way
    assert rooms.of_account(clerk.pk) == []
    assert rooms.of_department(cast.market.pk) == []
    sheet.delete()
    draft.delete()
    with pytest.raises(RuleBroken, match="个岗位有人"):
        departments.close_department(**close)


def test_end_posting_when_last_one_there_then_waiting_work_is_told(
    cast: Cast, applications
) -> None:
    actor = cast.actor("bureau.administrator")
    postings.end_posting(actor=actor, posting=cast.postings["market.clerk"])
    titles = Notification.objects.filter(account=cast.account("bureau.administrator"))
    assert [one.title for one in titles] == [
        f"{cast.account('market.clerk').name}离岗，名下有未办结的件"
    ]


def test_page_when_work_is_left_then_listed_and_handed_on(cast: Cast, applications) -> None:
    leaver, clerk = cast.account("market.clerk"), _colleague(cast)
    accounts.close_account(actor=cast.actor("bureau.system"), account=leaver)
    client = cast.client("bureau.administrator")
    path = reverse("parties:hand-on", args=[leaver.uuid])
    assert path in client.get("/people/").content.decode()
    assert "5 件办件" in client.get(path).content.decode()
    data = {"department": cast.market.uuid, "successor": clerk.pk}
    assert client.post(path, data).status_code == 302
    assert "2 件办件" in client.get(path).content.decode()
    wrong = client.post(
        path, {"department": cast.market.uuid, "successor": cast.account("land.clerk").pk}
    )
    assert wrong.status_code == 422
    assert "请从清单里选人" in wrong.content.decode()
    assert client.post(path, {"department": cast.land.uuid}).status_code == 409
