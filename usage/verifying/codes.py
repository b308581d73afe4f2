"""Codes on screens and on paper: made, hashed, and understood when they come back (P.2.3.3).

A presentation's secret is eighty bits that only the portal can make: a keyed digest of its
key and the code's place in it. The database keeps a keyed digest of that secret, so neither a copy
of the database nor the code itself leads to the other. The short number for reading aloud is
made the same way. A code carries no personal data and leads to one address of the portal.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from licences.register.entering import CHECK_CODE_ALPHABET
from zezhou_portal.kernel import vault
from zezhou_portal.regulation.identifiers import normalise_code

# Without 0 O 1 I: read aloud and typed in; every character stands in a QR's alphanumeric mode.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SECRET_LENGTH = 16  # 16 x 5 bits
NUMBER_LENGTH = 8
COPY_LENGTH = 12
_SECRET = re.compile(f"[{ALPHABET}]{{{SECRET_LENGTH}}}")
_NUMBER = re.compile(f"[0-9]{{{NUMBER_LENGTH}}}")
_COPY = re.compile(f"[{ALPHABET}]{{{COPY_LENGTH}}}")
_SERIAL = re.compile(r"[0-9]{6,24}")
_CHECK_CODE = re.compile(f"[{CHECK_CODE_ALPHABET}]{{8}}")
_LONGEST = 400
# So many digits off, a number is still taken for a short number that was mistyped.
_DIGITS_OFF = 2
# What is said at the field of a short number that no screen shows.
NO_SUCH_NUMBER = (
    "没有这个短码。请照着对方屏幕上的 8 位数字再输一遍；码每分钟换一次，过了的请对方刷新后再读"
)
# What makes a text an address rather than a number with a stroke in it: a scheme, or a name with
# a dot or a port in front of the first stroke.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/|//|[^/\s]*[.:@\[][^/]*/", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"(?:/[0-9A-Za-z-]+)+/?")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Made:
    """A code as the screen shows it: the secret in the QR, and the number to read aloud."""

    secret: str
    number: str

    @property
    def spoken(self) -> str:
        """The number in two groups."""
        return f"{self.number[:4]} {self.number[4:]}"


def make(presentation: str, place: int) -> Made:
    """The code of a presentation (its key) at a place: the same whenever it is asked for."""
    raw = bytes.fromhex(vault.blind(f"presentation:{presentation}:{place}"))
    bits = int.from_bytes(raw[:10], "big")
    secret = "".join(ALPHABET[(bits >> (5 * place_)) & 31] for place_ in range(SECRET_LENGTH))
    number = int.from_bytes(raw[10:20], "big") % 10**NUMBER_LENGTH
    return Made(secret, f"{number:0{NUMBER_LENGTH}}")


def secret_index(secret: str) -> str:
    """What the database keeps of a secret."""
    return vault.blind(f"code:{secret}")


def number_index(number: str) -> str:
    """What the database keeps of a short number."""
    return vault.blind(f"number:{number}")


def reader_index(key: str) -> str:
    """What the database keeps of the secret that a waiting reader was given."""
    return vault.blind(f"reader:{key}")


def address_of(secret: str, portal: str) -> str:
    """The address in the QR: upper case, so that it stays in alphanumeric mode and small."""
    return f"{portal}/P/{secret}".upper()


class Kind(StrEnum):
    """What somebody scanned or typed."""

    PRESENTATION = "presentation"  # the secret of a code on a screen
    NUMBER = "number"  # the short number of one
    PRINTED = "printed"  # serial and check code of a face
    COPY = "copy"  # the code of a purpose-marked copy
    FOREIGN = "foreign"  # an address of somebody else
    UNCLEAR = "unclear"  # nothing of these


@dataclass(frozen=True)
class Understood:
    """What a text is, and its parts."""

    kind: Kind
    first: str = ""
    second: str = ""


_UNCLEAR = Understood(Kind.UNCLEAR)


def understand(text: str, portal: str) -> Understood:
    """What was scanned, typed or pasted; `portal` is our own address.

    Never raises: a text that is nothing of ours is FOREIGN or UNCLEAR. Ours is an address only
    at our very host and port: what stands before an @, a longer name or another port is not.
    """
    plain = text.strip()
    if len(plain) > _LONGEST:
        return Understood(Kind.FOREIGN if _ADDRESS.match(plain) else Kind.UNCLEAR)
    if _ADDRESS.match(plain):
        return _address(plain, portal)
    return _bare(normalise_code(plain).replace("-", ""))


def short_number_fault(text: str) -> str:
    """What to write instead of a short number with a digit too few or too many; empty if none is.

    A number further from eight digits may be a licence's own.
    """
    plain = normalise_code(text.strip()).replace("-", "")
    digits = len(plain)
    if not plain.isascii() or not plain.isdigit() or digits == NUMBER_LENGTH:
        return ""
    if abs(digits - NUMBER_LENGTH) > _DIGITS_OFF:
        return ""
    return f"短码是 {NUMBER_LENGTH} 位数字，这里有 {digits} 位。请照着对方屏幕上的数字再输一遍"


def is_address(text: str) -> bool:
    """Whether a text is an address of the web at all, ours or not."""
    return _ADDRESS.match(text.strip()) is not None


def letters_of(text: str) -> bytes:
    """A number or a name as it is compared with what is printed: letters and digits alone.

    People type brackets, dashes and what stands between several names in many ways.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(one for one in folded if one.isalnum()).encode()


def normalise_serial(text: str) -> str:
    """The serial part, from the serial itself or from a whole identifier; empty if neither."""
    plain = normalise_code(text).strip(".")
    serial = plain.split(".")[-3] if plain.count(".") >= 2 else plain
    return serial if _SERIAL.fullmatch(serial) else ""


def normalise_check_code(text: str) -> str:
    """The eight characters, however they were typed; empty if they can be no check code."""
    plain = normalise_code(text).replace("-", "")
    return plain if _CHECK_CODE.fullmatch(plain) else ""


def secret_of(text: str) -> Understood:
    """The secret at the end of an address of ours; a short number is none."""
    plain = text.upper()
    return Understood(Kind.PRESENTATION, plain) if _SECRET.fullmatch(plain) else _UNCLEAR


def _address(text: str, portal: str) -> Understood:
    # As faces and screens have it, to the letter: nothing is left to take apart.
    if (found := _PLAIN_PATH.fullmatch(text, len(portal))) and text.startswith(
        (portal, portal.upper())
    ):
        return _within(found[0].upper().strip("/").split("/"))
    own = urlsplit(portal)
    try:
        parts = urlsplit(text if "://" in text else f"{own.scheme}://{text.lstrip('/')}")
        is_ours = _place(parts) == _place(own)
    except ValueError:
        return Understood(Kind.FOREIGN)
    if not is_ours:
        return Understood(Kind.FOREIGN)
    return _within([step for step in parts.path.upper().split("/") if step])


def _place(parts: SplitResult) -> tuple[str, int | None]:
    """Host and port of an address. Raises ValueError for what can be no address of ours."""
    if parts.scheme not in _PORTS or "@" in parts.netloc or not parts.netloc.isascii():
        raise ValueError
    port = parts.port
    return parts.hostname or "", None if port == _PORTS[parts.scheme] else port


def _within(steps: list[str]) -> Understood:
    match steps:
        case ["P", secret] if _SECRET.fullmatch(secret):
            return Understood(Kind.PRESENTATION, secret)
        case ["V", serial, code]:
            return Understood(Kind.PRINTED, serial, code)
        case ["C", code] if _COPY.fullmatch(code):
            return Understood(Kind.COPY, code)
        case _:
            return _UNCLEAR


def _bare(plain: str) -> Understood:
    if _NUMBER.fullmatch(plain):
        return Understood(Kind.NUMBER, plain)
    if _SECRET.fullmatch(plain):
        return Understood(Kind.PRESENTATION, plain)
    if _COPY.fullmatch(plain):
        return Understood(Kind.COPY, plain)
    return _UNCLEAR
