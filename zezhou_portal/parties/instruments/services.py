"""Successors of the three instruments: loaded by one official, confirmed by another (M.32).

The regulated numbers that a successor changes are entered with it, are confirmed with it and count
from its first day on; what runs by then keeps the number it began with (decision 0036).
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import IntegrityError

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.instruments.rules import faults_of_numbers
from zezhou_portal.parties.lifecycle import INSTRUMENT
from zezhou_portal.parties.models import SuccessorInstrument, SuccessorNumber
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.instruments import INSTRUMENTS
from zezhou_portal.regulation.numbers import numbers_on

_MOST_TEXT, _MOST_REASON = 50_000, 200


def load_successor(
    *,
    actor: Actor,
    replaces: str,
    title: str,
    number: str,
    in_force_from: date,
    text: str,
    ends_on: date | None = None,
    numbers: Mapping[str, int] | None = None,
) -> SuccessorInstrument:
    """Enters the text that takes the place of an instrument from a day on.

    `numbers` are the regulated numbers it changes, by their codes (`regulation.numbers`); those
    not named stay. It counts once another official confirms it. Article: M.32.
    """
    changed = numbers or {}
    with acting(actor, Action.INSTRUMENT_LOADED) as act:
        permit(actor, Capability.LOAD_INSTRUMENTS)
        row = SuccessorInstrument(
            replaces=replaces,
            title=title.strip(),
            number=number.strip(),
            in_force_from=in_force_from,
            ends_on=ends_on,
            text=text.strip(),
            loaded_by_id=account_of(actor),
            loaded_by_name=actor.name,
        )
        _check(row, changed)
        try:
            row.save()
        except IntegrityError as error:  # somebody else loaded it meanwhile
            sentence = _already(row)
            raise FormFault("M.32", sentence, fields={"number": sentence}) from error
        SuccessorNumber.objects.bulk_create(
            SuccessorNumber(instrument=row, code=code, value=value)
            for code, value in changed.items()
        )
        act.set_subject(row.subject)
        _tell(act, row)
    return row


def confirm_successor(*, actor: Actor, instrument: SuccessorInstrument) -> SuccessorInstrument:
    """Finds that a successor is entered as its own words say: it counts from its first day on.

    By another person than who loaded it. Article: M.32.
    """
    with acting(actor, Action.INSTRUMENT_CONFIRMED, instrument.subject) as act:
        permit(actor, Capability.CONFIRM_INSTRUMENTS)
        row = _moved(instrument, "confirm")
        if row.loaded_by_id == actor.account_id:
            raise RuleBroken("M.32", "这是您自己登记的，要由另一个人确认。")
        row.confirmed_by_id, row.confirmed_by_name = account_of(actor), actor.name
        row.confirmed_at = clock.now()
        row.save()
        _tell(act, row)
    return row


def withdraw_successor(
    *, actor: Actor, instrument: SuccessorInstrument, reason: str
) -> SuccessorInstrument:
    """Takes a mistaken successor back, confirmed or not; it stays on the record.

    By whoever may load or confirm one. Article: M.32.
    """
    with acting(actor, Action.INSTRUMENT_WITHDRAWN, instrument.subject) as act:
        confirms = actor.has(Capability.CONFIRM_INSTRUMENTS.value)
        permit(actor, Capability.CONFIRM_INSTRUMENTS if confirms else Capability.LOAD_INSTRUMENTS)
        row = _moved(instrument, "withdraw")
        row.reason = " ".join(reason.split())[:_MOST_REASON]
        if not row.reason:
            sentence = "还没有写为什么撤回。"
            raise FormFault("M.32", sentence, fields={"reason": sentence})
        row.withdrawn_by_id, row.withdrawn_by_name = account_of(actor), actor.name
        row.withdrawn_at = clock.now()
        row.save()
        _tell(act, row)
        act.secret("reason", row.reason)
    return row


def _moved(instrument: SuccessorInstrument, verb: str) -> SuccessorInstrument:
    """The successor, locked, in its new state; not saved yet."""
    row = lock(SuccessorInstrument.objects.all(), pk=instrument.pk)
    row.state = INSTRUMENT.move(row.state, verb)
    return row


def _tell(act: Act, row: SuccessorInstrument) -> None:
    act.note("replaces", row.replaces)
    act.note("term", [str(row.in_force_from), str(row.ends_on or "")])
    if numbers := dict(row.numbers.values_list("code", "value")):
        act.note("numbers", numbers)


def _already(row: SuccessorInstrument) -> str:
    return f"“{row.number}”已经登记过。"


def _check(row: SuccessorInstrument, changed: Mapping[str, int]) -> None:
    fields = {}
    if row.replaces not in INSTRUMENTS:
        fields["replaces"] = "请选它接替哪一个文件。"
    else:
        issued = INSTRUMENTS[row.replaces].issued_on
        if row.in_force_from <= issued:
            words = f"后续文件不会早于原文件的印发日期（{issued}）。请核对。"
            fields["in_force_from"] = words
        present = numbers_on(row.in_force_from - timedelta(days=1))
        fields |= faults_of_numbers(row.replaces, present, changed)
    if not row.title:
        fields["title"] = "还没有填文件名称。"
    loaded = SuccessorInstrument.objects.filter(number=row.number, replaces=row.replaces)
    if not row.number:
        fields["number"] = "还没有填文号。"
    elif loaded.exclude(state="WITHDRAWN").exists():
        fields["number"] = _already(row)
    if not row.text:
        fields["text"] = "还没有贴文件原文，确认的人要对照它核对。"
    elif len(row.text) > _MOST_TEXT:
        fields["text"] = f"文件原文最多 {_MOST_TEXT} 个字，现在是 {len(row.text)} 个。"
    if row.ends_on is not None and row.ends_on < row.in_force_from:
        fields["ends_on"] = f"有效期至（{row.ends_on}）早于施行日期（{row.in_force_from}）。"
    if fields:
        raise FormFault("M.32", "文件没有登记，请改好标出的地方。", fields=fields)
