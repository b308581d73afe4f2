"""Who may do what, for their own department and for a neighbour's: fixed by hand (M.24-M.26)."""

from itertools import product

import pytest

from tests.cast import Cast
from zezhou_portal.kernel.actors import machine, public
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import OWN, Capability, Role
from zezhou_portal.regulation.errors import NotPermitted

_DESK = {"consult_register", "watch_clocks", "watch_exchange"}

# Written down here on purpose, not read from `capabilities`: a right that changes must be
# changed in two places.
EXPECTED: dict[str, set[str]] = {
    "bureau.system": {"open_accounts", "keep_running"},
    "bureau.security": {"unlock_accounts", "reset_second_factor"},
    "bureau.auditor": {"search_trail"},
    "bureau.administrator": {
        "manage_departments", "appoint_people", "hand_on_work", "publish_entries",
        "load_instruments", "confirm_instruments", "propose_calendars", "confirm_calendars",
    },
    "bureau.supervisor": {"supervise", "confirm_instruments", "confirm_calendars", "watch_clocks", "watch_exchange"},
    "market.compiler": {"compile_entries"},
    "market.clerk": {
        *_DESK, "receive_applications", "capture_values", "enter_holders", "import_stock",
        "record_paper", "unmask_values", "make_copies", "resend_messages",
    },
    "market.reviewer": {*_DESK, "review_applications", "confirm_holders", "unmask_values"},
    "market.signatory": {
        *_DESK, "issue_licences", "sign_off_stock", "change_licences", "make_copies",
        "resend_messages",
    },
    "market.custodian": {"keep_seals"},
    "market.verifier": {
        "verify_licences", "rely_on_licences", "serve_at_window", "record_mandates",
    },
}  # fmt: skip
# A holder's own; by which mandate others have it: tests/usage/presenting/test_presenting_for_others.py.
HOLDERS = {"see_own_licences", "present_own_licences", "take_own_copies", "give_mandates"}
COUNTY_WIDE = {
    "keep_running", "open_accounts", "unlock_accounts", "reset_second_factor", "search_trail",
    "manage_departments", "appoint_people", "hand_on_work", "publish_entries",
    "load_instruments", "confirm_instruments", "propose_calendars", "confirm_calendars", "supervise",
}  # fmt: skip
LICENCES = {
    "receive_applications", "capture_values", "enter_holders", "confirm_holders", "import_stock",
    "review_applications",
    "issue_licences", "sign_off_stock", "record_paper", "consult_register", "unmask_values",
    "make_copies", "resend_messages", "keep_seals", "change_licences", "compile_entries",
}  # fmt: skip


def test_matrix_when_read_then_names_every_role_and_capability() -> None:
    roles = {Role(role) for role in Role.values}
    assert len(EXPECTED) == len(roles)
    given = set().union(*EXPECTED.values())
    assert given | HOLDERS == {one.value for one in Capability}
    assert given & HOLDERS == set()
    assert {one.value for one in OWN} == HOLDERS


@pytest.mark.article("M.26")
@pytest.mark.parametrize("capability", list(Capability))
def test_permit_when_own_or_neighbour_then_as_written(cast: Cast, capability: Capability) -> None:
    for who, where in product(EXPECTED, ("own", "neighbour", "anywhere")):
        actor = cast.actor(who)
        place = {"own": actor.department_id, "neighbour": cast.land.pk, "anywhere": None}[where]
        holds = capability.value in EXPECTED[who]
        reaches = where != "neighbour" or capability.value in COUNTY_WIDE
        if holds and reaches:
            permit(actor, capability, place)
            continue
        with pytest.raises(NotPermitted) as caught:
            permit(actor, capability, place)
        assert caught.value.capability == capability.value
        wanted = (
            "这一件属于其他单位。"
            if holds
            else f"您现在的岗位没有“{capability.words}”的权限，请交给有这个岗位的同事。"
        )
        assert caught.value.reason == wanted


@pytest.mark.article("M.25")
def test_matrix_when_technical_administrators_then_nothing_over_licences() -> None:
    for who in ("bureau.system", "bureau.security", "bureau.auditor"):
        assert not EXPECTED[who] & LICENCES


@pytest.mark.parametrize("actor", [public("r"), machine("sweep")], ids=["public", "machine"])
def test_permit_when_nobody_or_the_portal_itself_then_nothing(actor) -> None:
    for capability in Capability:
        with pytest.raises(NotPermitted):
            permit(actor, capability)


def test_actor_when_covering_then_only_what_the_posting_gives(cast: Cast) -> None:
    from datetime import date

    from tests.factories.parties import PostingFactory

    posting = cast.postings["market.reviewer"]
    PostingFactory(
        account=cast.account("land.clerk"),
        department=cast.market,
        role="reviewer",
        covers=posting,
        until_on=date(2099, 1, 1),
    )
    from zezhou_portal.kernel import clock
    from zezhou_portal.parties.staff.officials import live_postings, official

    account = cast.account("land.clerk")
    postings = live_postings(account, clock.today())
    there = official(account, cast.market, postings)
    assert there.grants == frozenset(EXPECTED["market.reviewer"])
    at_home = official(account, cast.land, postings)
    assert at_home.grants == frozenset(EXPECTED["market.clerk"])
