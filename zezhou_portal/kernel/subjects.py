"""How a row is named without a foreign key."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """Kind, public key and a label without personal data."""

    kind: str
    key: str
    label: str = ""
