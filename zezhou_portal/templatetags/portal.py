"""The portal's own tags: each renders word, shape and colour together.

Registered as builtins, so no template loads them. `docs/pages.md` shows each in use; the
style guide page (development only) shows each in every state.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from zezhou_portal.kernel import timing
from zezhou_portal.kernel.clock import BEIJING, beijing_day, today
from zezhou_portal.parties import masking
from zezhou_portal.parties.capabilities import ROLE_CAPABILITIES, Capability
from zezhou_portal.parties.models import Department
from zezhou_portal.parties.postings import people_with_roles
from zezhou_portal.regulation.articles import Article
from zezhou_portal.regulation.articles import article as find_article
from zezhou_portal.templatetags import words

register = template.Library()
NOTHING = SafeString("")


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, css: str = "zz-icon") -> SafeString:
    """A symbol of the sprite, hidden from readers: the word beside it says the same."""
    where = f"{static('img/icons.svg')}#{name}"
    head = format_html(' class="{}"', css) if css else NOTHING
    return format_html(
        '<svg{} aria-hidden="true" focusable="false"><use href="{}"/></svg>', head, where
    )


@register.simple_tag
def state(code: str, *, big: bool = False) -> SafeString:
    """The badge of a licence's state; KeyError for a state that does not exist."""
    look = words.STATES[str(code)]
    size = " zz-state-big" if big else ""
    return format_html(
        '<span class="zz-state zz-state-{}{}">{}{}</span>',
        look.css, size, icon(look.icon, ""), look.word,
    )  # fmt: skip


@register.simple_tag
def mark(code: str, *, field: str = "", year: int | None = None) -> SafeString:
    """The chip of a mark, with the data item or the year it is about."""
    look = words.MARKS[str(code)]
    word = f"{year}年度{look.word}" if year else look.word
    return chip(f"{word}：{field}" if field else word, look.icon, look.css)


@register.simple_tag
def chip(word: str, name: str = "info", voice: str = "") -> SafeString:
    """A chip with words of the page's own: voice no, heed, yes or plain (empty)."""
    css = f" zz-mark-{voice}" if voice else ""
    return format_html('<span class="zz-mark{}">{}{}</span>', css, icon(name, ""), word)


@register.simple_tag
def step(code: str, *, word: str = "", voice: str = "") -> SafeString:
    """Where an application stands: `code` from the table, or `word` with its voice."""
    look = words.STEPS[str(code)] if code else words.Look(word, "", voice.replace("open", ""))
    css = f" zz-step-name-{look.css}" if look.css else ""
    return format_html('<span class="zz-step-name{}">{}</span>', css, word or look.word)


@register.simple_tag
def due(deadline: Any, *, paused: str = "") -> SafeString:
    """A deadline in working days: a clock of `audit.deadlines`, or the moment it ends.

    The words, and what is overdue or due today, are those of `kernel.timing`.
    """
    if not deadline:
        return NOTHING
    if isinstance(deadline, datetime):
        return _running(deadline, timing.last_day_of(deadline), paused, "")
    moment: datetime | None = deadline.due_at
    last = getattr(deadline, "last_day", None) or (timing.last_day_of(moment) if moment else None)
    closed = getattr(deadline, "closed_at", None)
    match str(getattr(deadline, "state", "RUNNING")):
        case "MET_LATE":
            days = timing.days_late(last, closed) if last and closed else 0
            return _due("check", "soon", timing.words_when_met_late(days), last, "")
        case "MET":
            taken = f"，用时 {duration(closed - deadline.armed_at)}" if closed else ""
            return _due("check", "met", f"按时办结{taken}", last, "")
        case "DROPPED":
            return _due("check", "", "不再计时", last, "")
        case _:
            later = "，放假安排公布后可能调整" if getattr(deadline, "is_provisional", False) else ""
            return _running(moment, last, paused, later)


_RUNNING_LOOK = {
    timing.OVERDUE: ("d-soon", "over"),
    timing.TODAY: ("d-soon", "soon"),
    timing.LATER: ("clock", ""),
}


def _running(moment: datetime | None, last: date | None, paused: str, later: str) -> SafeString:
    if paused:
        return _due("pause", "", f"暂停：{paused}", last, later)
    name, voice = _RUNNING_LOOK[timing.rank_of(moment)]
    return _due(name, voice, timing.words_while_open(moment, last), last, later)


def _due(name: str, voice: str, word: str, last: date | None, later: str) -> SafeString:
    css = f" zz-due-{voice}" if voice else ""
    title = f"{day(last)}到期{later}" if last else "办结当日到期，办结前不知道是哪一天"
    return format_html(
        '<span class="zz-due{}" title="{}">{}{}</span>', css, title, icon(name, ""), word
    )


@register.simple_tag(takes_context=True)
def article(context: Context, *references: Any) -> SafeString:
    """Articles by reference: a button that opens what they say and whether they are in force.

    In elder mode nothing floats: there it is a link to the page with all articles. KeyError
    for an article that the text has not (M.30).
    """
    found = [find_article(reference) for reference in _flat(references)]
    if not found:
        return NOTHING
    label = _names(found)
    if getattr(context.get("shell"), "elder", ""):
        place = f"{reverse('portal:regulation')}#{found[0].reference}"
        return format_html('<a class="zz-art" href="{}">{}</a>', place, label)
    key = f"art-{secrets.token_hex(4)}"
    body = _gists(tuple(one.reference for one in found), today())
    return format_html(
        '<button type="button" class="zz-art" popovertarget="{}">{}</button>'
        '<span class="zz-art-pop" popover id="{}">{}</span>',
        key, label, key, body,
    )  # fmt: skip


def _flat(references: Iterable[Any]) -> list[str]:
    found: list[str] = []
    for reference in references:
        if isinstance(reference, str):
            found += [one for one in re.split(r"[\s,、]+", reference) if one]
        elif reference:
            found += [str(one) for one in reference]
    return found


def _names(found: list[Article]) -> str:
    """办法第四条、第十五条: the instrument once, then the numbers."""
    names = [found[0].name]
    for before, one in pairwise(found):
        short = one.instrument.short
        same = before.instrument.code == one.instrument.code
        names.append(one.name.removeprefix(short) if same else one.name)
    return "、".join(names)


@lru_cache(maxsize=512)
def _gists(references: tuple[str, ...], on: date) -> SafeString:
    return format_html_join("", "{}", [(_gist(find_article(one), on),) for one in references])


def _gist(one: Article, on: date) -> SafeString:
    text = one.instrument
    return format_html(
        "<span><b>{}</b>{}<small>《{}》（{}）</small>{}</span>",
        one.name, one.gist, text.title, text.number, _ended(one, on),
    )  # fmt: skip


def _ended(one: Article, on: date) -> SafeString:
    ends = one.instrument.ends_on
    if one.in_force(on) or ends is None:
        return NOTHING
    return format_html(
        '<small class="zz-art-over">按其第三十二条，有效期已于{}届满</small>', day(ends)
    )


@register.simple_tag
def ask(question: str, answer: str, reason: str = "") -> SafeString:
    """One question of a verification and its answer: yes, no, not_known or not_asked."""
    look = words.ANSWERS[str(answer)]
    why = format_html("<small>{}</small>", reason) if reason else NOTHING
    return format_html(
        '<li class="zz-ans-{}">{}<span>{}</span><span class="zz-ans">{}</span>{}</li>',
        look.css, icon(look.icon, ""), question, look.word, why,
    )  # fmt: skip


@register.simple_block_tag
def say(content: str, voice: str, fact: str = "", name: str = "") -> SafeString:
    """A notice: `fact` in bold, then what to do; voice yes, plain, heed or no."""
    look = words.NOTICES[voice]
    css = f" zz-say-{look.css}" if look.css else ""
    head = format_html("<b>{}</b>", fact) if fact else NOTHING
    body = SafeString(content.strip())
    return format_html(
        '<div class="zz-say{}">{}<div>{}{}</div></div>',
        css, icon(name or look.icon, ""), head, body,
    )  # fmt: skip


@register.simple_tag
def notice(message: Any) -> SafeString:
    """A message of django.contrib.messages as a notice; a line break parts fact and advice."""
    look = words.NOTICES[words.LEVELS.get(message.level_tag, "plain")]
    fact, _, advice = str(message).partition("\n")
    css = f" zz-say-{look.css}" if look.css else ""
    rest = format_html('<p class="mb-0">{}</p>', advice) if advice else NOTHING
    return format_html(
        '<div class="zz-say{}">{}<div><b>{}</b>{}</div></div>', css, icon(look.icon, ""), fact, rest
    )


@register.simple_tag(takes_context=True)
def masked(context: Context, value: str, *, kind: str = "number", reveal: str = "") -> SafeString:
    """A personal value with its middle hidden, and the recorded way to see all of it.

    `kind` is number, name, phone, or shown (already masked); `reveal` is the POST address that
    opens the value and writes the record (M.25).
    """
    hide: dict[str, Callable[[str], str]] = {
        "number": mask_number, "name": mask_name, "phone": mask_phone, "shown": str
    }  # fmt: skip
    shown = hide[kind](value or "")
    css = "" if kind == "name" else ' class="zz-code"'
    text = format_html("<span{}>{}</span>", mark_safe(css), shown)  # noqa: S308
    if not reveal:
        return text
    token = format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">',
        context.get("csrf_token", ""),
    )
    return format_html(
        '<span class="zz-masked">{}<form method="post" action="{}">{}'
        '<button class="zz-linklike zz-small">查看全号（记入操作记录）</button></form></span>',
        text, reveal, token,
    )  # fmt: skip


@register.filter
def faults(bound: BoundField) -> list[str]:
    """What is wrong with a field, in the house's words; a form's own sentences stay as they are."""
    kind = getattr(bound.field.widget, "input_type", "")
    found: list[str] = []
    for error in bound.errors.as_data():
        theirs = isinstance(error.message, Promise)
        sentence = words.FAULTS.get(error.code or "") if theirs else None
        if error.code == "required" and theirs:
            sentence = words.MISSING.get(kind, words.MISSING[""])
        found += [sentence.format(**(error.params or {}))] if sentence else error.messages
    return found


@register.filter
def mask_number(value: str) -> str:
    """A number of an identity document with its middle hidden."""
    return masking.mask_identity(str(value or ""))


@register.filter
def mask_name(value: str) -> str:
    """A person's first character, the rest hidden."""
    return masking.mask_name(str(value or ""))


@register.filter
def mask_phone(value: str) -> str:
    """A phone number with its middle hidden."""
    return masking.mask_phone(str(value or ""))


@register.filter
def day(value: date | datetime | None) -> str:
    """2026年11月24日, in Beijing."""
    if value is None:
        return ""
    found = beijing_day(value) if isinstance(value, datetime) else value
    return f"{found.year}年{found.month}月{found.day}日"


@register.filter
def moment(value: datetime | None) -> str:
    """2026年11月24日 10:12, in Beijing."""
    return f"{day(value)} {value.astimezone(BEIJING):%H:%M}" if value else ""


@register.filter
def short_moment(value: datetime | None) -> str:
    """11-24 10:12, in Beijing; for the last column of a queue."""
    return f"{value.astimezone(BEIJING):%m-%d %H:%M}" if value else ""


@register.filter
def duration(value: timedelta | None) -> str:
    """41 秒, 2 分 10 秒, 3 小时 5 分, 2 天."""
    if value is None:
        return ""
    seconds = int(value.total_seconds())
    if seconds < 60:
        return f"{seconds} 秒"
    if seconds < 3600:
        return f"{seconds // 60} 分 {seconds % 60} 秒"
    if seconds < 86400:
        return f"{seconds // 3600} 小时 {seconds % 3600 // 60} 分"
    return f"{seconds // 86400} 天"


@register.filter
def thousands(value: int | None) -> str:
    """1,080."""
    return "" if value is None else f"{value:,}"


@register.filter
def breakable(value: str) -> SafeString:
    """A long identifier that breaks at its dots only."""
    parts = str(value or "").split(".")
    return SafeString(".<wbr>".join(str(conditional_escape(part)) for part in parts))


@register.filter
def holder_words(kind: str) -> str:
    """For whom a kind of licence is: 企业、个体工商户 · 个人."""
    return words.HOLDER_KINDS.get(str(kind), str(kind))


@register.simple_tag(takes_context=True)
def can(context: Context, capability: str) -> bool:
    """Whether the acting person holds a capability: `{% can "issue_licence" as may_issue %}`."""
    actor = getattr(context.get("request"), "actor", None)
    return bool(actor and actor.has(capability))


@register.filter
def capability_words(code: str) -> str:
    """What a capability allows, as a clause: 签发."""
    known = {one.value: one.words for one in Capability}
    return known.get(str(code), "")


@register.simple_tag(takes_context=True)
def colleagues(context: Context, code: str) -> list[str]:
    """Who in the acting department holds a capability today: whom to turn to."""
    actor = getattr(context.get("request"), "actor", None)
    roles = [role for role, held in ROLE_CAPABILITIES.items() if str(code) in held]
    key: int | None = getattr(actor, "department_id", None)
    department = Department.objects.filter(pk=key).first() if key else None
    if not roles or department is None:
        return []
    return [account.name for account in people_with_roles(roles, department)]
