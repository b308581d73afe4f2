"""What a licence was on a past day: asked of the history of states, versions and marks (M.8).

A day is answered as a whole: who signed something on it may have done so at any hour, so what
stopped use for part of the day stopped it for the day (ours). Only the minutes in which the file
was still being made, on the very day of entry, count for nothing.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Q

from audit.trail.recording import acting
from licences.models import LicenceMark, LicenceStatus, LicenceVersion
from licences.register.mark_rules import EFFECTS
from seals.documents.questions import Answer, Answered, Question
from usage.models import Mode
from usage.verifying.answers import (
    NO_CODE,
    NO_LIST,
    NOT_SHOWN,
    in_asked_order,
    seal_answer,
)
from usage.verifying.disclosure import disclose, may_see_items
from usage.verifying.file_proofs import file_answers
from usage.verifying.outcomes import outcome_of
from usage.verifying.results import LicenceResult, VerificationResult, keep
from usage.verifying.version_facts import VersionFacts
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault

_CITY = Answered(
    Question.CITY_HAS_VERSION, Answer.NOT_ASKED, "past_day", "问的是过去一天，市平台只答现在"
)
_SEAL = Answered(
    Question.SEAL_VALID_NOW, Answer.NOT_ASKED, "past_day", "问的是过去一天，看签章时是否有效"
)


def verify_on(
    *, actor: Actor, facts: VersionFacts, day: date, mode: Mode, purpose: str = ""
) -> VerificationResult:
    """What the version at hand was on a past day, with every question answered and kept.

    Raises FormFault for today and later. Article: M.8, M.19.
    """
    with acting(actor, Action.LICENCE_VERIFIED, facts.licence.subject) as act:
        permit(actor, Capability.VERIFY_LICENCES)
        if day >= clock.today():
            sentence = "只能按过去的日子查。查今天的，把日期留空"
            raise FormFault("M.8", sentence, fields={"on_day": sentence})
        answers = _answers(facts, day)
        outcome = outcome_of(answers)
        kept = keep(actor, mode, answers, outcome, purpose=purpose, facts=facts, on_day=day)
        act.note("outcome", outcome.key)
        act.note("mode", mode.value)
        act.note("on_day", day.isoformat())
        act.note("verification", kept.number)
        act.note("purpose", kept.purpose)
        disclosure = disclose(facts, (), is_verifier=may_see_items(actor))
    return VerificationResult(outcome, (LicenceResult(kept, outcome, disclosure, facts),))


def _answers(facts: VersionFacts, day: date) -> tuple[Answered, ...]:
    version = facts.version
    intact, right, then = file_answers(facts.file)
    now = seal_answer(facts, then)
    # a blocked seal leaves doubt about all it ever sealed; else its state of today says nothing
    seal = now if now.answer is Answer.NOT_KNOWN else _SEAL
    return in_asked_order(
        [
            NOT_SHOWN,
            NO_CODE,
            NO_LIST,
            _in_force(version, day),
            _marks(version, day),
            intact,
            right,
            then,
            seal,
            _CITY,
        ]
    )


def _bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of a Beijing day, and that of the next."""
    begin = datetime.combine(day, time(), tzinfo=clock.BEIJING)
    return begin, begin + timedelta(days=1)


def _during(day: date) -> Q:
    """What was so at any moment of a day."""
    begin, end = _bounds(day)
    return Q(since__lt=end) & (Q(until__isnull=True) | Q(until__gt=begin))


def _in_force(version: LicenceVersion, day: date) -> Answered:
    """Whether this very version was in force, all day."""
    question, said = Question.LICENCE_IN_FORCE, f"{day:%Y-%m-%d}"
    states = list(
        LicenceStatus.objects.filter(_during(day), licence_id=version.licence_id)
        .order_by("since", "pk")
        .values_list("state", flat=True)
    )
    stood = _at_end(version, day)
    if not states or (stood and version.no > stood):
        return Answered(question, Answer.NO, "not_then", f"{said} 这一版还没有入库")
    stopped = [one for one in states if one != "IN_FORCE"]
    if states[-1] == "IN_FORCE":
        stopped = [one for one in stopped if one != "AWAITING_FILE"]
    if stopped:
        words = dict(LicenceStatus._meta.get_field("state").flatchoices)[stopped[-1]]
        part = "" if len(states) == 1 else "有一段时间"
        return Answered(question, Answer.NO, stopped[-1].lower(), f"{said} {part}证照{words}")
    return _by_dates(version, day, stood)


def _by_dates(version: LicenceVersion, day: date, stood: int) -> Answered:
    question, said = Question.LICENCE_IN_FORCE, f"{day:%Y-%m-%d}"
    first, last = _term(version)
    if first and day < first:
        return Answered(question, Answer.NO, "not_yet", f"有效期从 {first:%Y-%m-%d} 才开始")
    if last and day > last:
        return Answered(question, Answer.NO, "expired", f"有效期已于 {last:%Y-%m-%d} 届满")
    if stood > version.no:
        words = f"{said} 证照已经换成第 {stood} 版，这是第 {version.no} 版"
        return Answered(question, Answer.NO, "superseded", words)
    return Answered(question, Answer.YES, "", f"{said} 有效，当时是第 {version.no} 版")


def _at_end(version: LicenceVersion, day: date) -> int:
    """Which version stood at the end of a day: the last whose file was made by then; else 0."""
    _, end = _bounds(day)
    made = LicenceVersion.objects.filter(
        licence_id=version.licence_id, file__sealed_at__lt=end
    ).order_by("-no")
    return made.values_list("no", flat=True).first() or 0


def _term(version: LicenceVersion) -> tuple[date | None, date | None]:
    """The term as the version at hand has it; the present one's may have been extended."""
    licence = version.licence
    if version.no == licence.version_no:
        return licence.valid_from, licence.valid_until
    return _day(version.frozen["valid_from"]), _day(version.frozen["valid_until"])


def _marks(version: LicenceVersion, day: date) -> Answered:
    """Whether the marks of that day permitted use; on for part of it is on."""
    question = Question.MARKS_PERMIT_USE
    kinds = list(
        LicenceMark.objects.filter(_during(day), licence_id=version.licence_id)
        .order_by("since", "pk")
        .values_list("kind", flat=True)
    )
    stopping = [kind for kind in kinds if not EFFECTS[kind].permits]
    words = "；".join(dict.fromkeys(EFFECTS[kind].words for kind in stopping or kinds))
    if stopping:
        return Answered(question, Answer.NO, stopping[0].lower(), f"那一天{words}")
    return Answered(question, Answer.YES, "remarks" if kinds else "", words)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
