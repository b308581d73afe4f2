"""The cast itself: valid people whose rights are what their parts say."""

from tests.cast import Cast
from zezhou_portal.parties.capabilities import Capability


def test_cast_when_clerk_acts_then_the_clerk_holds_a_clerks_grants_only(cast: Cast) -> None:
    actor = cast.actor("market.clerk")
    assert actor.department_id == cast.market.pk
    assert actor.role == "采集员"
    assert actor.has(Capability.CAPTURE_VALUES.value)
    assert not actor.has(Capability.REVIEW_APPLICATIONS.value)


def test_cast_when_stranger_then_found_by_blind_index(cast: Cast) -> None:
    assert cast.stranger.identity_index is not None
    assert len(cast.stranger.identity_index) == 64
