"""The parties' models, by name."""

from zezhou_portal.parties.capabilities import Role
from zezhou_portal.parties.models.account import Account
from zezhou_portal.parties.models.calendar import WorkingCalendar
from zezhou_portal.parties.models.department import Department, DepartmentFunction
from zezhou_portal.parties.models.holder import (
    HEAD_OF_TRADER,
    Holder,
    HolderKind,
    IdentityType,
    known_as,
)
from zezhou_portal.parties.models.holder_change import HolderChange
from zezhou_portal.parties.models.instrument import SuccessorInstrument, SuccessorNumber
from zezhou_portal.parties.models.mandate import Basis, Mandate, MandateKind, Power
from zezhou_portal.parties.models.merge import HolderMerge
from zezhou_portal.parties.models.notification import Notification
from zezhou_portal.parties.models.posting import Posting
from zezhou_portal.parties.models.real_name import RealNameCheck
from zezhou_portal.parties.models.staff_session import StaffSession
from zezhou_portal.parties.models.stalled_row import StalledRow
from zezhou_portal.parties.models.text_message import TextMessage

__all__ = [
    "HEAD_OF_TRADER",
    "Account",
    "Basis",
    "Department",
    "DepartmentFunction",
    "Holder",
    "HolderChange",
    "HolderKind",
    "HolderMerge",
    "IdentityType",
    "Mandate",
    "MandateKind",
    "Notification",
    "Posting",
    "Power",
    "RealNameCheck",
    "Role",
    "StaffSession",
    "StalledRow",
    "SuccessorInstrument",
    "SuccessorNumber",
    "TextMessage",
    "WorkingCalendar",
    "known_as",
]
