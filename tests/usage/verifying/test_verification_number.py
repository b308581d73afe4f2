"""How people name a verification."""

from datetime import UTC, datetime
from uuid import UUID

from usage.models import Verification


def test_number_when_it_is_past_midnight_in_beijing_then_the_day_is_beijings() -> None:
    key = UUID("12345678-9abc-4def-8123-456789abcdef")
    late = Verification(uuid=key, at=datetime(2026, 11, 17, 16, 30, tzinfo=UTC))
    assert late.number == "HY-20261118-12345678"
