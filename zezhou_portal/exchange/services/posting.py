"""Post a message in the transaction of the act it tells of; a worker sends it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.topics import topic_of
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.models import Department

DISPATCH = "exchange.dispatch"


@dataclass(frozen=True)
class NewMessage:
    """One message to be posted: its subject, its place in the subject's order, what it says.

    `content` is the body without the file, as JSON values; `file_digest` names the licence
    file that travels with it.
    """

    subject: Subject
    version: int
    content: Mapping[str, Any]
    file_digest: str = ""


def post(
    topic: str,
    department: Department,
    subject: Subject,
    version: int,
    content: Mapping[str, Any],
    file_digest: str = "",
) -> Outbound:
    """The message of a happening, written once; goes out after the caller's commit.

    Article: M.8.
    """
    return post_many(topic, department, [NewMessage(subject, version, content, file_digest)])[0]


def post_many(topic: str, department: Department, letters: Sequence[NewMessage]) -> list[Outbound]:
    """The messages of many happenings of one kind, in the order given; each written once.

    Raises KeyError for an unknown topic; ValueError for a file where none belongs or none where
    one does, and for a place that another happening of the subject holds already.
    Article: M.8.
    """
    kind = topic_of(topic)
    for letter in letters:
        if bool(letter.file_digest) is not kind.carries_file:
            raise ValueError(f"{topic}: a file travels with this message: {kind.carries_file}")
    rows = [
        Outbound(
            topic=kind.code,
            department=department,
            subject_kind=letter.subject.kind,
            subject_key=letter.subject.key,
            subject_label=letter.subject.label[:200],
            version=letter.version,
            article=kind.article,
            content=_written(letter),
            file_digest=letter.file_digest,
        )
        for letter in letters
    ]
    try:
        with transaction.atomic():
            posted = Outbound.objects.bulk_create(rows)
    except IntegrityError:
        posted = _beside_earlier(kind.code, letters, rows)
    wake(DISPATCH)
    return posted


def _beside_earlier(
    topic: str, letters: Sequence[NewMessage], rows: Sequence[Outbound]
) -> list[Outbound]:
    """Posts where some happenings were posted before: those stay as they were.

    Reading them back and opening what they say costs more than posting: done only then.
    """
    Outbound.objects.bulk_create(rows, ignore_conflicts=True)
    keys = [letter.subject.key for letter in letters]
    posted = Outbound.objects.filter(topic=topic, subject_key__in=keys)
    found = {(row.subject_key, row.version): row for row in posted}
    for letter in letters:
        row = found[letter.subject.key, letter.version]
        if (row.content, row.file_digest) != (_written(letter), letter.file_digest):
            raise ValueError(f"{topic}: place {letter.version} tells of another happening")
    return [found[letter.subject.key, letter.version] for letter in letters]


def _written(letter: NewMessage) -> str:
    return json.dumps(letter.content, ensure_ascii=False, sort_keys=True)
