"""Waiting work: each queue's count is the number of its rows, and nothing is a neighbour's."""

from collections import Counter

import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.site.desks import ROLES
from tests.waiting import WaitingCounty
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.waiting.queues import Queue
from zezhou_portal.parties.waiting.rooms import count_all, counts_of, queues_of, rooms
from zezhou_portal.regulation.announced import reading_once
from zezhou_portal.regulation.numbers import CHANGES
from zezhou_portal.site.navigation import RAIL, rail_of

pytestmark = pytest.mark.usefixtures("wednesday")

# Queue, who has it, how many rows. Whoever has it in the market office has a neighbour in the
# land office with as many rows of their own.
OWN = (
    ("open", "clerk", 7),
    ("returned", "clerk", 1),
    ("capture", "clerk", 2),
    ("passed", "clerk", 2),
    ("review", "reviewer", 1),
    ("sign-off", "signatory", 1),
    ("file", "signatory", 1),
    ("to-capture", "clerk", 4),
    ("RECEIVED", "clerk", 2),
    ("CAPTURING", "clerk", 1),
    ("UNDER_REVIEW", "reviewer", 1),
    ("RETURNED", "clerk", 1),
    ("APPROVED", "signatory", 1),
    ("closed", "clerk", 2),
    ("sheets", "clerk", 1),
    ("sheets-sign-off", "signatory", 1),
    ("sheets-converting", "signatory", 1),
    ("entries-draft", "compiler", 1),
    ("entries-submitted", "compiler", 1),
    ("consent", "verifier", 1),
    ("seals-unusable", "custodian", 1),
    ("seals-ending", "custodian", 1),
    ("messages", "clerk", 1),
    ("clocks-breached", "reviewer", 1),
    ("clocks-today", "reviewer", 2),
    ("changes-confirm", "reviewer", 1),
    ("changes-proposed", "clerk", 1),
    ("mandates-confirm", "verifier", 1),
    ("merges-confirm", "reviewer", 1),
    ("merges-proposed", "clerk", 1),
    ("stalled", "signatory", 1),
    ("unread", "clerk", 2),
)
# What one person of the bureau has for the whole county.
COUNTY = (
    ("entries-publish", "administrator", 2),
    ("messages-departments", "supervisor", 2),
    ("clocks-departments", "supervisor", 2),
    ("calendars-confirm", "supervisor", 1),
    ("instruments-confirm", "supervisor", 1),
    ("leavers", "administrator", 1),
    ("gaps", "administrator", 4),
    ("locked", "security", 1),
)


@pytest.fixture
def county(cast: Cast) -> WaitingCounty:
    return WaitingCounty(cast)


def queue_of(code: str) -> Queue:
    (found,) = [queue for room in rooms() for queue in room.queues if queue.code == code]
    return found


def test_queue_when_in_a_room_then_it_is_tried_below() -> None:
    every = [queue.code for room in rooms() for queue in room.queues]
    assert sorted(every) == sorted(code for code, _, _ in OWN + COUNTY)
    places = {queue.place for room in rooms() for queue in room.queues} - {""}
    assert places <= {place.name for place in RAIL}


def test_queue_when_read_then_as_many_rows_as_counted_and_none_of_a_neighbour(
    county: WaitingCounty,
) -> None:
    cast = county.cast
    for code, part, expected in OWN:
        queue = queue_of(code)
        seen = []
        for place in ("market", "land"):
            actor = cast.actor(f"{place}.{part}")
            assert queue.is_open_to(actor), code
            rows = list(queue.rows(actor))
            items = [queue.item(row, actor) for row in rows]
            # the leaver is the market's
            extra = place == "land" and code in {"open", "to-capture", "RECEIVED"}
            assert len(rows) == expected - extra, (code, place)
            assert counts_of(actor, [queue]) == {code: len(rows)}
            assert all(item.name and item.url.startswith("/") for item in items), code
            seen.append({(type(row), row.pk) for row in rows})
        assert not seen[0] & seen[1], code


def test_queue_when_of_the_county_then_the_bureau_counts_every_department(
    county: WaitingCounty,
) -> None:
    for code, part, expected in COUNTY:
        queue, actor = queue_of(code), county.cast.actor(f"bureau.{part}")
        rows = list(queue.rows(actor))
        assert (code, len(rows)) == (code, expected)
        assert counts_of(actor, [queue]) == {code: expected}
        assert all(queue.item(row, actor).url.startswith("/") for row in rows)
        for stranger in ("market.clerk", "land.compiler", "power.verifier"):
            assert not queue.is_open_to(county.cast.actor(stranger))


def test_sheet_when_one_had_a_hand_in_it_then_it_does_not_wait_for_their_sign_off(
    county: WaitingCounty,
) -> None:
    actor = county.cast.actor("market.signatory")
    sheet = county.sheet("market", "SUBMITTED")
    queue = queue_of("sheets-sign-off")
    assert queue.rows(actor).count() == 2
    sheet.hands = [actor.account_id]
    sheet.save(update_fields=["hands"])
    assert sheet not in queue.rows(actor)


def test_rail_when_drawn_then_one_statement_counts_all_that_waits(
    county: WaitingCounty, django_assert_num_queries
) -> None:
    for who in ROLES:
        actor = county.cast.actor(who)
        # the numbers of the day, by which a seal ends soon, are read once a request
        with reading_once({CHANGES: ()}), django_assert_num_queries(1):
            rail = rail_of(actor, "/desk/")
        shown = {entry.url: entry.count for group in rail for entry in group.entries}
        waiting: Counter[str] = Counter()
        for queue in queues_of(actor):
            if queue.place:
                waiting[reverse(queue.place)] += queue.rows(actor).count()
        assert shown == {url: waiting[url] for url in shown}, who
        assert waiting.keys() <= shown.keys(), who


def test_rail_when_nothing_waits_then_no_figure(cast: Cast) -> None:
    rail = rail_of(cast.actor("market.clerk"), "/desk/")
    assert {entry.count for group in rail for entry in group.entries} == {0}


def test_rail_when_something_is_late_then_urgent_there_alone(county: WaitingCounty) -> None:
    rail = rail_of(county.cast.actor("market.clerk"), "/desk/")
    urgent = {entry.label for group in rail for entry in group.entries if entry.urgent}
    assert urgent == {"与市平台往来", "时限"}


def test_count_when_nothing_is_asked_then_nothing_is_read(cast, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert count_all({}) == {}


def test_work_when_a_capability_is_missing_then_seen_and_not_ones_own(cast: Cast) -> None:
    queue = queue_of("messages")
    reviewer, clerk = cast.actor("market.reviewer"), cast.actor("market.clerk")
    assert (queue.is_open_to(reviewer), queue.is_work_of(reviewer)) == (True, False)
    assert (queue.is_open_to(clerk), queue.is_work_of(clerk)) == (True, True)
    assert not reviewer.has(Capability.RESEND_MESSAGES.value)
