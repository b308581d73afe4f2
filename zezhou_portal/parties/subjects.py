"""How the parties' rows are named on the trail: no personal data in a label (M.26)."""

from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import (
    Account,
    Department,
    Holder,
    Mandate,
    Posting,
    SuccessorInstrument,
)


def account_subject(account: Account) -> Subject:
    """An account, labelled with its user name."""
    return Subject("account", str(account.uuid), account.username)


def department_subject(department: Department) -> Subject:
    """A department, labelled with its name."""
    return Subject("department", str(department.uuid), department.name)


def posting_subject(posting: Posting) -> Subject:
    """A posting, labelled with its department and role."""
    label = f"{posting.department.name} {posting.get_role_display()}"
    return Subject("posting", str(posting.uuid), label)


def holder_subject(holder: Holder) -> Subject:
    """A holder, labelled with the kind only."""
    return Subject("holder", str(holder.uuid), holder.get_kind_display())


def mandate_subject(mandate: Mandate) -> Subject:
    """A mandate, labelled with its kind only."""
    return Subject("mandate", str(mandate.uuid), mandate.get_kind_display())


def instrument_subject(text: SuccessorInstrument) -> Subject:
    """A successor instrument, labelled with its number."""
    return Subject("instrument", str(text.uuid), text.number)
