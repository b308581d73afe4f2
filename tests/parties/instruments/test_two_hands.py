"""A successor of an instrument: one official loads it, another confirms it (M.32)."""

from datetime import date

import pytest

from tests.cast import Cast
from tests.factories.announced import confirmed_successor, proposed_calendar, proposed_successor
from tests.records import records
from zezhou_portal.parties.instruments.selectors import present_instruments
from zezhou_portal.parties.instruments.services import confirm_successor, withdraw_successor
from zezhou_portal.parties.models import SuccessorInstrument
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("wednesday"), pytest.mark.article("M.32"),
]  # fmt: skip
TODAY = date(2026, 11, 18)
STRANGERS = ("market.clerk", "market.signatory", "bureau.clerk", "bureau.auditor", "power.verifier")


def successor() -> SuccessorInstrument | None:
    return present_instruments(TODAY)[0].successor


def test_successor_when_confirmed_by_another_then_counts_until_withdrawn(cast: Cast) -> None:
    proposed_successor(cast.actor("bureau.administrator"))
    row = SuccessorInstrument.objects.get()
    assert successor() is None
    confirm_successor(actor=cast.actor("bureau.supervisor"), instrument=row)
    assert successor() == row
    with pytest.raises(RuleBroken, match="不能确认"):
        confirm_successor(actor=cast.actor("bureau.supervisor"), instrument=row)
    with pytest.raises(RuleBroken, match="为什么撤回"):
        withdraw_successor(actor=cast.actor("bureau.administrator"), instrument=row, reason=" ")
    withdraw_successor(
        actor=cast.actor("bureau.administrator"), instrument=row, reason="文号写错了"
    )
    assert successor() is None
    row.refresh_from_db()
    assert (row.state, row.reason, row.confirmed_by_name, row.withdrawn_by_name) == (
        "WITHDRAWN", "文号写错了", cast.account("bureau.supervisor").name,
        cast.account("bureau.administrator").name,
    )  # fmt: skip
    for code in ("instrument_loaded", "instrument_confirmed", "instrument_withdrawn"):
        assert records(code)[0].facts["replaces"] == "M"
    assert successor() is None
    assert confirmed_successor(cast) == successor()  # the same number, entered again


def test_confirmation_when_by_whoever_loaded_it_then_refused(cast: Cast) -> None:
    row = proposed_successor(cast.actor("bureau.administrator"))
    with pytest.raises(RuleBroken, match="要由另一个人确认"):
        confirm_successor(actor=cast.actor("bureau.administrator"), instrument=row)
    assert SuccessorInstrument.objects.get().state == "PROPOSED"


@pytest.mark.article("M.26")
@pytest.mark.parametrize("who", STRANGERS)
def test_successor_when_by_a_stranger_then_not_permitted(cast: Cast, who: str) -> None:
    row = proposed_successor(cast.actor("bureau.administrator"))
    with pytest.raises(NotPermitted):
        confirm_successor(actor=cast.actor(who), instrument=row)
    with pytest.raises(NotPermitted):
        withdraw_successor(actor=cast.actor(who), instrument=row, reason="错")
    client = cast.client(who)
    for path in ("", f"{row.uuid}/", f"{row.uuid}/confirm/", f"{row.uuid}/withdraw/"):
        assert client.get(f"/instruments/{path}").status_code == 403
    assert SuccessorInstrument.objects.get().state == "PROPOSED"


@pytest.mark.article("M.26")
def test_supervisor_when_loading_one_then_not_permitted(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        proposed_successor(cast.actor("bureau.supervisor"))
    page = cast.client("bureau.supervisor").get("/instruments/").content.decode()
    assert "登记，交另一个人确认" not in page


@pytest.mark.parametrize("text", [" ", "文" * 50_001])
def test_successor_when_its_words_are_not_kept_then_said_at_the_field(
    cast: Cast, text: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        proposed_successor(cast.actor("bureau.administrator"), text=text)
    assert list(refusal.value.fields) == ["text"]


def test_pages_when_asked_then_words_stand_beside_and_a_reason_is_demanded(cast: Cast) -> None:
    row = proposed_successor(cast.actor("bureau.administrator"))
    calendar = proposed_calendar(cast.actor("bureau.administrator"))
    supervisor = cast.client("bureau.supervisor")
    for path, words in (
        (f"/instruments/{row.uuid}/", row.text),
        (f"/calendars/{calendar.uuid}/", calendar.notice_text),
    ):
        for page in ("", "confirm/"):
            asked = supervisor.get(path + page).content.decode()
            assert asked.index("zz-beside") < asked.index(words), path + page
        empty = supervisor.post(f"{path}withdraw/", {"reason": " "})
        page = empty.content.decode()
        assert (empty.status_code, words in page) == (422, False)
        assert page.index("zz-field-bad") < page.rindex("还没有写为什么撤回")
        assert "（可不填）" not in page
