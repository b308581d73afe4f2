"""What the trail says, done and refused alike.

A refusal is written on its own connection, which a test with an outer transaction sees only by
asking that connection.
"""

from audit.trail.models import Record


def records(action: str) -> list[Record]:
    """The records of an action in the order they were written."""
    found = {
        row.id: row
        for line in ("default", "refusals")
        for row in Record.objects.using(line).filter(action=action)
    }
    return sorted(found.values(), key=lambda row: row.seq)


def outcomes(action: str) -> list[tuple[str, str]]:
    """Outcome and subject's label of each record of an action."""
    return [(row.outcome, row.subject_label) for row in records(action)]
