"""Is a stored file intact, and what do its signatures say: asked of its very bytes (S.10, M.19).

Every verification asks whether the bytes are still those of their digest (`files.assure`). What
the signatures of these bytes say changes only with the roots and lists that are held, so it is
worked out once for them and kept beside the file (`FileProof`).
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from licences.models import LicenceFile
from seals.crypto.certificates import BadCertificate
from seals.crypto.key_store import load_trust
from seals.crypto.trust import TrustStore
from seals.documents.questions import Answer, Answered, Question
from seals.documents.verification import verify_ofd
from usage.models import FileProof
from zezhou_portal.kernel import clock, files

log = structlog.get_logger(__name__)

# Lists of revoked certificates grow old: what they said counts for a day (ours).
PROOF_COUNTS = timedelta(days=1)
# Seconds after which the folders of roots and lists are looked at anew (ours).
TRUST_STANDS = 1.0
# What the signatures of given bytes say by given roots and lists.
_OF_BYTES = (
    Question.REFERENCES_MATCH,
    Question.SIGNATURE_XML_UNCHANGED,
    Question.SIGNATURE_RIGHT,
    Question.SIGNER_IN_SEAL,
    Question.SEAL_SIGNED_BY_MAKER,
    Question.CHAINS_TRUSTED,
    Question.NOT_REVOKED,
    Question.SEAL_VALID_WHEN_SEALED,
)
_GENUINE = _OF_BYTES[:-1]
_ASKED = frozenset(one.value for one in _OF_BYTES)


def file_answers(file: LicenceFile | None) -> tuple[Answered, Answered, Answered]:
    """Intact, signature right, seal valid when sealed: the answers of a version's file.

    Never raises: a file that cannot be read is *not known*, one that was changed is *no*.
    Article: M.19, S.10.
    """
    intact, right, then = (
        Question.FILE_INTACT, Question.SIGNATURE_RIGHT, Question.SEAL_VALID_WHEN_SEALED,
    )  # fmt: skip
    if file is None:
        return _all(Answer.NOT_ASKED, "no_file", "证照文件还没有做好")
    try:
        files.assure(file.digest)
        said = _said(file)
    except files.FileAltered:
        log.error("licence_file_altered", file=file.pk)
        gone = "没有再问"
        return (
            Answered(intact, Answer.NO, "altered", "存着的文件与入库时不一致"),
            Answered(right, Answer.NOT_ASKED, "altered", gone),
            Answered(then, Answer.NOT_ASKED, "altered", gone),
        )
    except (files.FileMissing, OSError) as fault:
        log.error("licence_file_unreadable", file=file.pk, error=type(fault).__name__)
        return _all(Answer.NOT_KNOWN, "unreadable", "现在读不到存着的文件")
    if said is None:
        return (
            Answered(intact, Answer.YES),
            Answered(right, Answer.NOT_KNOWN, "no_trust", "现在读不到信任的根证书"),
            Answered(then, Answer.NOT_KNOWN, "no_trust", "现在读不到信任的根证书"),
        )
    return (
        Answered(intact, Answer.YES),
        _folded(right, [said[one.value] for one in _GENUINE]),
        _folded(then, [said[Question.SEAL_VALID_WHEN_SEALED.value]]),
    )


def prove(file: LicenceFile, data: bytes) -> dict[str, list[str]] | None:
    """What the signatures of a file's bytes say, worked out and kept; None without roots."""
    held = _trust()
    if held is None:
        return None
    digest, trust = held
    finding = verify_ofd(data, trust=trust, now=clock.now())
    said = {
        question.value: _worst(
            [one for sign in finding.signatures for one in sign.answers if one.question is question]
        )
        for question in _OF_BYTES
    }
    # One statement, so that two who prove the same bytes at once do not meet.
    FileProof.objects.bulk_create(
        [FileProof(file=file, trust=digest, answers=said, proved_at=clock.now())],
        update_conflicts=True,
        unique_fields=["file"],
        update_fields=["trust", "answers", "proved_at"],
    )
    return said


def _said(file: LicenceFile) -> dict[str, list[str]] | None:
    """What is kept of the bytes, if it was judged by today's roots within the day; else anew.

    Raises FileMissing, FileAltered or OSError where the bytes are needed and are not there.
    """
    kept: FileProof | None = getattr(file, "proof", None)
    held = _trust()
    if held is None:
        return None
    if kept is not None and _counts(kept, held[0]):
        answers: dict[str, list[str]] = kept.answers
        return answers
    return prove(file, files.read(file.digest))


def _counts(kept: FileProof, trust: str) -> bool:
    """Whether a proof is of today's roots and lists, of this day, and answers what is asked."""
    is_of_today = timedelta(0) <= clock.now() - kept.proved_at < PROOF_COUNTS
    return kept.trust == trust and is_of_today and kept.answers.keys() == _ASKED


def _trust() -> tuple[str, TrustStore] | None:
    """The roots and lists that are held, and their digest; None where they cannot be read.

    The folders are looked at once a second, however many verify (ours).
    """
    global _looked
    folder, now = settings.PORTAL_KEYS, time.monotonic()
    known = _looked  # another thread may change it meanwhile
    if known is not None and known[0] == folder and now - known[1] < TRUST_STANDS:
        return known[2]
    _looked = None
    try:
        store = load_trust(Path(folder))
    except (OSError, BadCertificate) as fault:
        log.error("trust_unreadable", error=type(fault).__name__)
        return None
    held = _digest(store), store
    _looked = folder, now, held
    return held


# The folder of keys, when it was looked at, what was found.
_looked: tuple[Any, float, tuple[str, TrustStore]] | None = None


@lru_cache(maxsize=4)
def _digest(store: TrustStore) -> str:
    seen = sha256()
    for part in (store.roots, store.intermediates, store.crls):
        for one in part:
            seen.update(sha256(one).digest())
        seen.update(b"/")
    return seen.hexdigest()


def _worst(answers: Sequence[Answered]) -> list[str]:
    """The gravest of the signatures' answers to one question, as it is kept."""
    if not answers:
        return [Answer.NOT_KNOWN.value, "no_signature", "文件里没有签章"]
    return list(_gravest([[one.answer.value, one.reason_code, one.reason] for one in answers]))


def _folded(question: Question, said: Sequence[Sequence[str]]) -> Answered:
    """Several kept answers as the answer to one question: the gravest."""
    answer, code, reason = _gravest(said)
    return Answered(question, Answer(answer), code, reason)


_GRAVITY = {
    one.value: place
    for place, one in enumerate((Answer.NO, Answer.NOT_KNOWN, Answer.NOT_ASKED, Answer.YES))
}


def _gravest(said: Sequence[Sequence[str]]) -> Sequence[str]:
    """The gravest of kept answers; the first of those that are as grave."""
    return min(said, key=lambda one: _GRAVITY[one[0]])


def _all(answer: Answer, code: str, reason: str) -> tuple[Answered, Answered, Answered]:
    return (
        Answered(Question.FILE_INTACT, answer, code, reason),
        Answered(Question.SIGNATURE_RIGHT, answer, code, reason),
        Answered(Question.SEAL_VALID_WHEN_SEALED, answer, code, reason),
    )
