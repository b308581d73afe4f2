"""Successors of the three instruments, loaded by the bureau (M.32)."""

from datetime import date

from audit.trail.recording import acting
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import SuccessorInstrument
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault
from zezhou_portal.regulation.instruments import INSTRUMENTS


def load_successor(
    *,
    actor: Actor,
    replaces: str,
    title: str,
    number: str,
    in_force_from: date,
    ends_on: date | None = None,
) -> SuccessorInstrument:
    """Enters the text that takes the place of an instrument from a day on. Article: M.32."""
    with acting(actor, Action.INSTRUMENT_LOADED) as act:
        permit(actor, Capability.LOAD_INSTRUMENTS)
        title, number = title.strip(), number.strip()
        _check(replaces, title, number, in_force_from, ends_on)
        row = SuccessorInstrument.objects.create(
            replaces=replaces,
            title=title,
            number=number,
            in_force_from=in_force_from,
            ends_on=ends_on,
        )
        act.set_subject(row.subject)
        act.note("replaces", replaces)
        act.note("term", [str(in_force_from), str(ends_on or "")])
    return row


def _check(
    replaces: str, title: str, number: str, in_force_from: date, ends_on: date | None
) -> None:
    fields = {}
    if replaces not in INSTRUMENTS:
        fields["replaces"] = "请选它接替哪一个文件。"
    elif in_force_from <= INSTRUMENTS[replaces].issued_on:
        issued = INSTRUMENTS[replaces].issued_on
        fields["in_force_from"] = f"后续文件不会早于原文件的印发日期（{issued}）。请核对。"
    if not title:
        fields["title"] = "还没有填文件名称。"
    if not number:
        fields["number"] = "还没有填文号。"
    elif SuccessorInstrument.objects.filter(number=number).exists():
        fields["number"] = f"“{number}”已经登记过。"
    if ends_on is not None and ends_on < in_force_from:
        fields["ends_on"] = f"有效期至（{ends_on}）早于施行日期（{in_force_from}）。"
    if fields:
        raise FormFault("M.32", "文件没有登记，请改好标出的地方。", fields=fields)
