"""Personal values of an application: whose eyes, and opening one as an act (M.25, M.26).

A right to read never comes from an act that one does alone (ours): receiving an application about
somebody opens nothing of them. Before another hand has approved it, a clerk sees what they typed
themselves, and what is known of holders with whom their department has dealt before; the other
hand that reviews it sees it whole.
"""

from collections.abc import Mapping
from typing import Any

from audit.trail.recording import acting
from licences import data_items, values
from licences.models import Application
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.holders.selectors import (
    APPROVED_BY_ANOTHER,
    holders_dealt_with_by,
)
from zezhou_portal.parties.models import Holder
from zezhou_portal.parties.unmask_alarm import watch_unmasking
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

HOLDER = "holder:"
NOT_YET = (
    "这一项不是您录入的，也不是您单位登记过的持证人的。提交以后，由审核的人核对；"
    "审核通过以后您也能查看。"
)


def hidden_from(actor: Actor, application: Application) -> frozenset[str]:
    """The keys of the personal data items that somebody may not see in full yet.

    Also what stood there before a value was typed over. Article: M.26 (ours in its detail).
    """
    if _may_see_whole(actor, application):
        return frozenset()
    items = [one for one in data_items.items_of(application.entry.items) if one.is_sensitive]
    others: set[str] = set()
    for item in items:
        cell = application.values.get(item.key)
        if cell is None or not (cell["value"] or cell.get("was")):
            continue
        if "was" in cell or not _typed_by(actor, application, cell):
            others.add(item.key)
    if not others or not _has_dealt_with_all(actor, application):
        return frozenset(others)
    # what is known of the holders is known to the department; what a colleague typed is not
    return frozenset(
        key
        for key in others
        if application.values[key]["source"] == values.TYPED
        and not _typed_by(actor, application, application.values[key])
    )


def may_open_number(actor: Actor, application: Application, holder: Holder) -> bool:
    """Whether somebody may see a holder's number in full by reason of this application."""
    if _may_see_whole(actor, application):
        return True
    return holders_dealt_with_by(actor).filter(pk=holder.pk).exists()


def unmask(*, actor: Actor, application: Application, what: str) -> str:
    """A data item's value, or a holder's number (`holder:<uuid>`), in full.

    The record names what was opened, never the value. Raises NotPermitted for what another hand
    has not approved yet. Article: M.26.
    """
    value = _opened(actor, application, what)
    watch_unmasking(actor)
    return value


def _opened(actor: Actor, application: Application, what: str) -> str:
    with acting(actor, Action.VALUE_UNMASKED, application.subject) as act:
        permit(actor, Capability.UNMASK_VALUES, application.issuing_department_id)
        # what was asked for is noted once it is known to name something: it comes from outside
        if what.startswith(HOLDER):
            key = what.removeprefix(HOLDER)
            found = next((h for h in application.holders if str(h.uuid) == key), None)
            if found is None or not found.identity_number:
                raise RuleBroken("M.26", "没有可以查看的号码。")
            act.note("what", what)
            if not may_open_number(actor, application, found):
                raise NotPermitted(Capability.UNMASK_VALUES.value, NOT_YET)
            return str(found.identity_number)
        items = data_items.items_of(application.entry.items)
        item = next((one for one in items if one.key == what and one.is_sensitive), None)
        if item is None:
            raise RuleBroken("M.26", "没有可以查看的内容。")
        act.note("what", item.key)
        if item.key in hidden_from(actor, application):
            raise NotPermitted(Capability.UNMASK_VALUES.value, NOT_YET)
        return values.read(application.values, item.key)


def _may_see_whole(actor: Actor, application: Application) -> bool:
    """Once another hand has approved it; that other hand, while it waits for them."""
    if application.state in APPROVED_BY_ANOTHER:
        return True
    hands = {application.received_by_id, *application.capturers}
    return application.state == "UNDER_REVIEW" and actor.account_id not in hands


def _typed_by(actor: Actor, application: Application, cell: Mapping[str, Any]) -> bool:
    if cell["source"] != values.TYPED:
        return False
    if "by" in cell:
        return bool(cell["by"] == actor.account_id)
    # typed before it was kept by whom: any of those who captured
    return actor.account_id in application.capturers


def _has_dealt_with_all(actor: Actor, application: Application) -> bool:
    keys = [holder.pk for holder in application.holders]
    return holders_dealt_with_by(actor).filter(pk__in=keys).count() == len(keys)
