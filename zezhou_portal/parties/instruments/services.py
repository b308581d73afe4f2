"""Successors of the three instruments: loaded by one official, confirmed by another (M.32)."""

from datetime import date

from django.db import IntegrityError

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.lifecycle import INSTRUMENT
from zezhou_portal.parties.models import SuccessorInstrument
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.instruments import INSTRUMENTS

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
) -> SuccessorInstrument:
    """Enters the text that takes the place of an instrument from a day on.

    It counts once another official confirms it. Article: M.32.
    """
    with acting(actor, Action.INSTRUMENT_LOADED) as act:
        permit(actor, Capability.LOAD_INSTRUMENTS)
        account = account_of(actor)
        title, number, text = title.strip(), number.strip(), text.strip()
        _check(replaces, title, number, in_force_from, ends_on, text)
        try:
            row = SuccessorInstrument.objects.create(
                replaces=replaces,
                title=title,
                number=number,
                in_force_from=in_force_from,
                ends_on=ends_on,
                text=text,
                loaded_by_id=account,
                loaded_by_name=actor.name,
            )
        except IntegrityError as error:  # somebody else loaded it meanwhile
            sentence = _already(number)
            raise FormFault("M.32", sentence, fields={"number": sentence}) from error
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


def _already(number: str) -> str:
    return f"“{number}”已经登记过。"


def _check(
    replaces: str, title: str, number: str, in_force_from: date, ends_on: date | None, text: str
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
    elif SuccessorInstrument.objects.filter(number=number).exclude(state="WITHDRAWN").exists():
        fields["number"] = _already(number)
    if not text:
        fields["text"] = "还没有贴文件原文，确认的人要对照它核对。"
    elif len(text) > _MOST_TEXT:
        fields["text"] = f"文件原文最多 {_MOST_TEXT} 个字，现在是 {len(text)} 个。"
    if ends_on is not None and ends_on < in_force_from:
        fields["ends_on"] = f"有效期至（{ends_on}）早于施行日期（{in_force_from}）。"
    if fields:
        raise FormFault("M.32", "文件没有登记，请改好标出的地方。", fields=fields)
