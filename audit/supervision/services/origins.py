"""Where an act came from, told to the auditor: an act of its own (M.25, GB/T 22239)."""

from audit.trail import origins
from audit.trail.origins import RecordOrigin
from audit.trail.recording import acting
from audit.trail.selectors import Record
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action


def open_origin(*, actor: Actor, record: Record) -> RecordOrigin | None:
    """Network address and device of an act; None for a machine's, and once they are cleared.

    The record of the opening names the act's own record, never the address. Article: M.25.
    """
    subject = Subject("record", str(record.id), "操作记录")
    with acting(actor, Action.ORIGIN_OPENED, subject):
        permit(actor, Capability.SEARCH_TRAIL)
        return origins.of_record(record)
