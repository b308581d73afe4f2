"""What the stand-in makes of a message: it sees the message and what it already holds, no more."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sample_county.city.store import Held
from seals.crypto.trust import TrustStore
from seals.documents.questions import Answer, Verdict
from seals.documents.verification import FileFinding, verify_ofd
from zezhou_portal.regulation.identifiers import (
    LicenceIdentifier,
    credit_code_fault,
    parse_licence_identifier,
)

ISSUED = ("licence_issued", "stock_licence")
REPLACED = ("licence_altered", "licence_extended")
# What a telling without a file makes of a licence, and from which states it may come.
TOLD: dict[str, tuple[str, tuple[str, ...]]] = {
    "licence_detained": ("detained", ("in_force",)),
    "licence_released": ("in_force", ("detained",)),
    "licence_expired": ("expired", ("in_force", "detained")),
    "licence_cancelled": ("cancelled", ("in_force", "detained", "expired")),
    "licence_revoked": ("revoked", ("in_force", "detained")),
    "licence_annulled": ("annulled", ("in_force", "detained")),
}
MARKED = ("licence_marked", "licence_unmarked")
PATHS = {
    f"/v1/licences/{code.removeprefix('licence_').removesuffix('_licence')}": code
    for code in (*ISSUED, *REPLACED, *TOLD, *MARKED)
}

# The twelve basic elements (GB/T 36903) and what people call them.
ELEMENTS = {
    "ZZMC": "证照名称", "ZZLXDM": "证照类型代码", "ZZBH": "证照编号", "ZZBS": "证照标识",
    "ZZBFJG": "证照颁发机构", "ZZBFJGDM": "证照颁发机构代码", "ZZBFRQ": "证照颁发日期",
    "CZZT": "持证主体", "CZZTDM": "持证主体代码", "CZZTDMLX": "持证主体代码类型",
    "ZZYXQQSRQ": "证照有效期起始日期", "ZZYXQJZRQ": "证照有效期截止日期",
}  # fmt: skip
# Present in every message, but empty where the licence has no such date.
_MAY_BE_EMPTY = frozenset({"ZZYXQQSRQ", "ZZYXQJZRQ"})
_REPEATABLE = frozenset({"CZZT", "CZZTDM", "CZZTDMLX"})
# Of a holder who has no number the code is absent, where the message says so and why.
_MAY_BE_ABSENT = frozenset({"CZZTDM", "CZZTDMLX"})


class Refused(Exception):
    """The message is refused; the text is what the portal's desk shows."""


@dataclass(frozen=True)
class Judge:
    """Decides messages; `trust` gives whom it believes, `held` a licence by its stem."""

    trust: Callable[[], TrustStore]
    held: Callable[[str], Held | None]

    def decide(self, topic: str, body: Mapping[str, Any], now: datetime) -> Held:
        """What the city holds after the message. Raises Refused with the reason."""
        metadata = _metadata(body)
        identifier = _identifier(metadata)
        _check_issuer(body, metadata, identifier)
        present = self.held(identifier.stem)
        if topic in TOLD or topic in MARKED:
            return _told(topic, body, str(identifier), present)
        _check_elements(metadata, identifier, _absent(body))
        digest = self._check_file(body, str(identifier), now)
        return _after_version(topic, identifier, digest, present)

    def _check_file(self, body: Mapping[str, Any], identifier: str, now: datetime) -> str:
        file = body.get("file")
        if not isinstance(file, dict):
            raise Refused("没有附证照文件。")
        try:
            data = base64.b64decode(str(file.get("content", "")), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused("证照文件的编码读不出来。") from error
        digest = hashlib.new("sm3", data).hexdigest()
        if digest != file.get("digest"):
            raise Refused("证照文件与所报摘要不一致。")
        _check_seal(verify_ofd(data, trust=self.trust(), now=now), identifier)
        return digest


def _metadata(body: Mapping[str, Any]) -> Mapping[str, Any]:
    content = body.get("content")
    metadata = content.get("metadata") if isinstance(content, dict) else None
    if not isinstance(metadata, dict):
        raise Refused("没有证照元数据。")
    return metadata


def _identifier(metadata: Mapping[str, Any]) -> LicenceIdentifier:
    text = metadata.get("ZZBS")
    if not isinstance(text, str) or not text:
        raise Refused("缺少证照标识。")
    parts, fault = parse_licence_identifier(text)
    if parts is None or fault:
        raise Refused(f"证照标识不对：{fault}。")
    return parts


def _check_issuer(
    body: Mapping[str, Any], metadata: Mapping[str, Any], identifier: LicenceIdentifier
) -> None:
    issuer = body.get("issuer")
    if not isinstance(issuer, str) or credit_code_fault(issuer):
        raise Refused("制发单位的统一社会信用代码不对。")
    if issuer != identifier.issuer_code:
        raise Refused("证照标识里的颁发机构与推送单位不是同一家。")
    if metadata.get("ZZBFJGDM", issuer) != issuer:
        raise Refused("颁发机构代码与证照标识不一致。")


def _absent(body: Mapping[str, Any]) -> frozenset[tuple[str, int]]:
    """The elements that the message declares absent, each with the holder's place from 1."""
    found: set[tuple[str, int]] = set()
    told = body["content"].get("absent", [])
    for one in told if isinstance(told, list) else [None]:
        if not isinstance(one, dict) or not isinstance(one.get("place"), int):
            raise Refused("缺项说明的写法不对。")
        if not str(one.get("reason", "")).strip():
            raise Refused("缺项没有写明原因。")
        names = one.get("elements")
        found |= {(str(name), one["place"]) for name in names or ()}
    return frozenset(found)


def _check_elements(
    metadata: Mapping[str, Any],
    identifier: LicenceIdentifier,
    absent: frozenset[tuple[str, int]],
) -> None:
    for name, words in ELEMENTS.items():
        if name not in metadata:
            raise Refused(f"缺少必填项：{words}。")
        values = _values(name, metadata[name])
        wanted = [
            value
            for place, value in enumerate(values, start=1)
            if name not in _MAY_BE_ABSENT or (name, place) not in absent
        ]
        if name not in _MAY_BE_EMPTY and not (values and all(value.strip() for value in wanted)):
            raise Refused(f"必填项为空：{words}。")
    if len({len(_values(name, metadata[name])) for name in _REPEATABLE}) != 1:
        raise Refused("持证主体与其代码、代码类型的个数不一致。")
    if metadata["ZZLXDM"] != identifier.type_code:
        raise Refused("证照类型代码与证照标识不一致。")
    _day("ZZBFRQ", metadata)
    start, end = (_day(name, metadata) for name in ("ZZYXQQSRQ", "ZZYXQJZRQ"))
    if start and end and end < start:
        raise Refused("有效期截止日期早于起始日期。")


def _values(name: str, value: Any) -> list[str]:
    listed = value if isinstance(value, list) and name in _REPEATABLE else [value]
    if not all(isinstance(one, str) for one in listed):
        raise Refused(f"{ELEMENTS[name]}的写法不对。")
    return listed


def _day(name: str, metadata: Mapping[str, Any]) -> date | None:
    text = metadata[name]
    if not text or text == "长期":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{ELEMENTS[name]}不是日期。") from error


def _check_seal(finding: FileFinding, identifier: str) -> None:
    if finding.problem:
        raise Refused(f"证照文件验不过：{finding.problem}")
    if finding.verdict is not Verdict.PASSED:
        doubts = [
            f"{one.question.sentence}{one.answer.word}"
            for signature in finding.signatures
            for one in signature.answers
            if one.answer in {Answer.NO, Answer.NOT_KNOWN}
        ]
        raise Refused(f"电子印章验不过：{'；'.join(doubts[:3])}。")
    if finding.custom_data.get("ZZBS") != identifier:
        raise Refused("证照文件里的证照标识与所报的不一致。")


def _after_version(
    topic: str, identifier: LicenceIdentifier, digest: str, present: Held | None
) -> Held:
    """What is held after a message with a file: versions come one after the other."""
    new = Held(identifier.stem, str(identifier), identifier.version, digest, "in_force")
    if present is not None and present.identifier == new.identifier:
        if present.digest != digest:
            raise Refused("这一版证照已有另一份文件，不能覆盖。")
        return present
    if topic in ISSUED:
        if present is not None:
            raise Refused(f"这份证照已有第 {present.version} 版，不能再次签发。")
        if identifier.version != 1:
            raise Refused("首次签发的证照应为第 1 版。")
        return new
    if present is None:
        raise Refused("市平台没有这份证照，不能变更。")
    if present.state in {"cancelled", "revoked", "annulled"}:
        raise Refused("这份证照已经终止，不能变更。")
    if identifier.version != present.version + 1:
        raise Refused(f"版本次序不对：市平台现有第 {present.version} 版。")
    return replace(new, marks=present.marks)


def _told(topic: str, body: Mapping[str, Any], identifier: str, present: Held | None) -> Held:
    """What is held after a message without a file."""
    if present is None:
        raise Refused("市平台没有这份证照。")
    if present.identifier != identifier:
        raise Refused(f"版本次序不对：市平台现有第 {present.version} 版。")
    if topic in TOLD:
        state, sources = TOLD[topic]
        if present.state == state:
            return present
        if present.state not in sources:
            raise Refused("这份证照在市平台的状态不允许这样变化。")
        return replace(present, state=state)
    mark = mark_of(body["content"].get("mark"))
    marks = {tuple(one) for one in json.loads(present.marks or "[]")}
    changed = marks | {mark} if topic == "licence_marked" else marks - {mark}
    return replace(present, marks=json.dumps(sorted(changed), ensure_ascii=False))


def mark_of(told: object) -> tuple[str, str]:
    """Kind and detail of a mark: one kind may stand several times, for different years say."""
    kind = told.get("kind") if isinstance(told, dict) else None
    detail = told.get("detail", "") if isinstance(told, dict) else ""
    if not isinstance(kind, str) or not kind or not isinstance(detail, str):
        raise Refused("没有写明是哪一种标注。")
    return kind, detail
