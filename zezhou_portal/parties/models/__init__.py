"""The parties' models, by name."""

from zezhou_portal.parties.capabilities import Role
from zezhou_portal.parties.models.account import Account
from zezhou_portal.parties.models.department import Department, DepartmentFunction
from zezhou_portal.parties.models.holder import Holder, HolderKind, IdentityType
from zezhou_portal.parties.models.instrument import SuccessorInstrument
from zezhou_portal.parties.models.notification import Notification
from zezhou_portal.parties.models.posting import Posting

__all__ = [
    "Account",
    "Department",
    "DepartmentFunction",
    "Holder",
    "HolderKind",
    "IdentityType",
    "Notification",
    "Posting",
    "Role",
    "SuccessorInstrument",
]
