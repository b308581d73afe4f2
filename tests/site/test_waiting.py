"""The figures in the rail count what waits for this person, and nothing of a neighbour's."""

import pytest

from tests.cast import Cast
from tests.factories.licences import Applications
from zezhou_portal.site import waiting


@pytest.mark.django_db
def test_each_hand_sees_what_waits_for_it_and_a_neighbour_nothing() -> None:
    cast = Cast()
    applications = Applications(cast)
    applications.captured()
    applications.submitted()
    applications.approved()
    clerk, reviewer = cast.actor("market.clerk"), cast.actor("market.reviewer")
    signatory = cast.actor("market.signatory")
    assert waiting.to_capture(clerk) == 1
    assert waiting.to_review(reviewer) == 1
    assert waiting.to_sign_off(signatory) == 1
    assert waiting.to_sign_off(reviewer) == 0
    assert waiting.to_capture(cast.actor("land.clerk")) == 0
    assert waiting.to_review(cast.actor("land.reviewer")) == 0
    assert waiting.sheets_to_sign_off(signatory) == 0
    assert waiting.sheets_to_sign_off(clerk) == 0
    assert waiting.messages_in_trouble(clerk) == 0
    assert waiting.clocks_breached(clerk) == 0
