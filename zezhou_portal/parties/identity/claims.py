"""What an identity service tells, read into the portal's words; pure."""

import re
from collections.abc import Mapping
from typing import Any

from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.parties.identity.port import Assertion, SignInFailed
from zezhou_portal.regulation.identifiers import normalise_code

CITIZEN_ID = "111"
_MOBILE = re.compile(r"1[3-9]\d{9}")


def assertion(provider: Provider, told: Mapping[str, Any], names: Mapping[str, str]) -> Assertion:
    """The assertion in a service's answer; `names` are the protocol's own names of its claims.

    Raises SignInFailed where the answer leaves out who it is or how sure that is.
    """

    def claim(name: str) -> str:
        return _value(told, provider.claims.get(name) or names.get(name, name))

    subject, name = claim("subject"), " ".join(claim("name").split())
    number = normalise_code(claim("identity_number"))
    if not name or not (subject or number):
        raise _incomplete(provider, "姓名或证件号码")
    office = ""
    code = normalise_code(claim("enterprise_code"))
    if code:
        office = provider.offices.get(claim("office"), "")
        if not office or not claim("enterprise_name"):
            raise _incomplete(provider, "企业名称，或您是法定代表人（经营者）还是经办人")
    phone = claim("phone")
    return Assertion(
        provider=provider.key,
        subject=f"{provider.subjects}:{subject}" if subject else "",
        name=name,
        level=_level(provider, claim("level")),
        identity_type=_identity_type(provider, claim("identity_type")) if number else "",
        identity_number=number,
        phone=phone if _MOBILE.fullmatch(phone) else "",
        enterprise_name=" ".join(claim("enterprise_name").split()) if code else "",
        enterprise_code=code,
        office=office,
    )


def _value(told: Mapping[str, Any], path: str) -> str:
    """The text at a path of names joined by dots; nothing where there is none."""
    found: Any = told
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found).replace("\0", "").strip()


def _level(provider: Provider, word: str) -> int:
    level = provider.levels.get(word)
    if level is None:
        raise _incomplete(provider, "实名等级")
    return int(level)


def _identity_type(provider: Provider, word: str) -> str:
    """The code of GB/T 36903; a service that names no type means the citizen id."""
    return provider.identity_types.get(word, word) or CITIZEN_ID


def _incomplete(provider: Provider, what: str) -> SignInFailed:
    return SignInFailed(
        "claims",
        f"“{provider.label}”没有给出{what}，现在登不上。请打 12345 告诉我们；您的证照没有变。",
    )
