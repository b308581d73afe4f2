"""The only definition of validity: state, both days and the sealed file of this version (M.8)."""

from datetime import date, timedelta

import pytest

from licences.models import Licence, LicenceVersion
from licences.register.selectors import in_force, is_in_force, is_in_force_version

pytestmark = pytest.mark.article("M.8")
DAY = date(2026, 11, 18)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def is_valid(licence: Licence, **changes: object) -> bool:
    """Whether the licence, so changed, is in force on the day."""
    Licence.objects.filter(pk=licence.pk).update(**changes)
    found = is_in_force(licence, DAY)
    assert in_force(Licence.objects.all(), DAY).exists() is found
    version = LicenceVersion.objects.select_related("licence", "file").get(licence=licence, no=1)
    assert is_in_force_version(version, DAY) is found
    return found


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "expected"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (BEFORE, AFTER, True),
        (BEFORE, None, True),
        (None, AFTER, True),
        (AFTER, None, False),
        (AFTER, AFTER, False),
        (None, BEFORE, False),
        (BEFORE, BEFORE, False),
    ],
)
def test_days_when_first_and_last_then_included(licence, valid_from, valid_until, expected) -> None:
    assert is_valid(licence, valid_from=valid_from, valid_until=valid_until) is expected


def test_state_when_any_but_one_then_not_in_force(licence) -> None:
    term = {"valid_from": BEFORE, "valid_until": AFTER}
    states = [state for state, _ in Licence._meta.get_field("state").flatchoices]
    assert {state: is_valid(licence, state=state, **term) for state in states} == {
        "AWAITING_FILE": False,
        "IN_FORCE": True,
        "DETAINED": False,
        "EXPIRED": False,
        "CANCELLED": False,
        "REVOKED": False,
        "ANNULLED": False,
    }


def test_file_when_of_another_version_or_none_then_not_in_force(licence) -> None:
    term = {"valid_from": BEFORE, "valid_until": AFTER}
    assert is_valid(licence, **term)
    assert not is_valid(licence, version_no=2)
    assert is_valid(licence, version_no=1)
    licence.versions.get().file.delete()
    assert not is_valid(licence)
