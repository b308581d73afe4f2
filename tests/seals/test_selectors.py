"""Which seal a department seals with at a moment: of the kind, in use, within its validity (S.8, S.16)."""

from datetime import UTC, datetime, timedelta

import pytest

from seals.custody.selectors import live_seal, seals_visible_to
from seals.models import Seal, SealKind
from tests.cast import Cast
from tests.factories.seals import seal_of
from zezhou_portal.kernel.actors import public

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
NOW, INSTANT = datetime(2026, 11, 18, 2, tzinfo=UTC), timedelta(seconds=1)
OFFICIAL = SealKind.OFFICIAL_NAME.value


@pytest.fixture
def seal(cast: Cast) -> Seal:
    """The market office's seal of its own name, valid for the year."""
    made = seal_of(cast.market)
    Seal.objects.filter(pk=made.pk).update(valid_from=FIRST, valid_until=LAST)
    return made


@pytest.mark.article("S.8")
@pytest.mark.parametrize(
    ("moment", "is_live"),
    [
        (FIRST - INSTANT, False),
        (FIRST, True),
        (NOW, True),
        (LAST, True),
        (LAST + INSTANT, False),
    ],
)
def test_seal_when_asked_at_a_moment_then_only_within_its_validity(
    seal: Seal, moment: datetime, is_live: bool
) -> None:
    assert live_seal(seal.department_id, OFFICIAL, moment) == (seal if is_live else None)


@pytest.mark.article("S.16")
def test_seal_when_not_in_use_then_not_the_one(seal: Seal) -> None:
    found = {}
    for state, _ in Seal._meta.get_field("state").flatchoices:
        Seal.objects.filter(pk=seal.pk).update(state=state)
        found[state] = live_seal(seal.department_id, OFFICIAL, NOW) == seal
    assert found == {
        "ACTIVE": True,
        "RENEWING": False,
        "BLOCKED": False,
        "EXPIRED": False,
        "CANCELLED": False,
    }


def test_seal_when_of_another_kind_or_department_then_not_the_one(cast: Cast, seal: Seal) -> None:
    others = [kind.value for kind in SealKind if kind.value != OFFICIAL]
    assert others
    assert [live_seal(cast.market.pk, kind, NOW) for kind in others] == [None] * len(others)
    assert live_seal(cast.land.pk, OFFICIAL, NOW) is None


@pytest.mark.article("S.14")
def test_seals_when_listed_then_one_s_own_department_s_only(cast: Cast, seal: Seal) -> None:
    other = seal_of(cast.land)
    assert list(seals_visible_to(cast.actor("market.custodian"))) == [seal]
    assert list(seals_visible_to(cast.actor("land.custodian"))) == [other]
    assert list(seals_visible_to(public())) == []
