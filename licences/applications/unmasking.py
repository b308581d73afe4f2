"""Opening a personal value of an application: an act, before it is shown (M.25, M.26)."""

from collections.abc import Sequence

from audit.trail.recording import acting, record
from licences import data_items, values
from licences.models import Application
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken

HOLDER = "holder:"


def unmask(*, actor: Actor, application: Application, what: str) -> str:
    """A data item's value, or a holder's number (`holder:<uuid>`), in full.

    The record names what was opened, never the value. Article: M.26.
    """
    with acting(actor, Action.VALUE_UNMASKED, application.subject) as act:
        permit(actor, Capability.UNMASK_VALUES, application.issuing_department_id)
        # what was asked for is noted once it is known to name something: it comes from outside
        if what.startswith(HOLDER):
            key = what.removeprefix(HOLDER)
            found = next((h for h in application.holders if str(h.uuid) == key), None)
            if found is None or not found.identity_number:
                raise RuleBroken("M.26", "没有可以查看的号码。")
            act.note("what", what)
            return str(found.identity_number)
        items = data_items.items_of(application.entry.items)
        item = next((one for one in items if one.key == what and one.is_sensitive), None)
        if item is None:
            raise RuleBroken("M.26", "没有可以查看的内容。")
        act.note("what", item.key)
        return values.read(application.values, item.key)


def note_reading(*, actor: Actor, application: Application, keys: Sequence[str]) -> None:
    """Records that a form showed personal values to somebody who had not typed them.

    Article: M.26.
    """
    permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
    record(actor, Action.VALUE_UNMASKED, application.subject, {"what": list(keys)})
