"""Check characters of the identifiers that licences and holders carry.

Sources: GB 32100-2015 (credit code), GB 11643-1999 (citizen id number), GB/T 17710-2008
(ISO/IEC 7064 MOD 11,10 and MOD 37,36), GB/T 36904-2018 (licence identifier).
A fault is told as a sentence for the person who typed it; it never says what the check
character ought to be, because that invites making it fit.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

LICENCE_ROOT = "1.2.156.3005.2"

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS = "10X98765432"
_NO_AREA = "000000"
_OLDEST = 130  # years, ours
_TRADER = "92"  # how the credit codes of sole traders begin (GB 32100-2015)
# Of birth: what fits as a citizen id number of the year 2500 is a credit code.
_CENTURIES = frozenset({"18", "19", "20"})
_LICENCE_IDENTIFIER = re.compile(
    r"1\.2\.156\.3005\.2\.(?P<type>[0-9A-Z]{18}[0-9]{3})\.(?P<issuer>[0-9A-Z]{18})"
    r"\.(?P<serial>[0-9A-Z]{1,64})\.(?P<version>[0-9]{3})\.(?P<check>[0-9A-Z])"
)
_CHECK_SENTENCE = "校验码对不上。请对照原件，从头到尾再核一遍"


def normalise_code(text: str) -> str:
    """The code as it is stored: half-width, without white space, upper case (ours)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def mod37_36(text: str) -> str:
    """The check character of `text` by ISO/IEC 7064 MOD 37,36 (GB/T 17710-2008).

    Raises ValueError for a character outside 0-9A-Z.
    """
    product = 36
    for character in text:
        product = (product + _ALPHANUMERIC.index(character)) % 36 or 36
        product = product * 2 % 37
    return _ALPHANUMERIC[(37 - product) % 36]


def mod11_10(digits: str) -> str:
    """The check digit of `digits` by ISO/IEC 7064 MOD 11,10 (GB/T 17710-2008).

    Raises ValueError for anything but digits.
    """
    product = 10
    for digit in digits:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return str((11 - product) % 10)


def credit_code_fault(text: str) -> str | None:
    """What is wrong with a unified social credit code, or None (GB 32100-2015)."""
    if len(text) != 18:
        return f"统一社会信用代码应为 18 位，现在是 {len(text)} 位"
    strange = next((character for character in text if character not in _CREDIT_ALPHABET), None)
    if strange is not None:
        return f"统一社会信用代码里不会有“{strange}”。只用数字和除 I、O、S、V、Z 以外的大写字母"
    if set(text) == {"0"}:
        return "统一社会信用代码不会全是 0。请对照营业执照填写"
    if citizen_id_fault(text) is None:
        return "统一社会信用代码一栏填的是公民身份号码。请对照营业执照填写统一社会信用代码"
    total = sum(
        _CREDIT_ALPHABET.index(character) * weight
        for character, weight in zip(text, _CREDIT_WEIGHTS, strict=False)
    )
    if _CREDIT_ALPHABET[(31 - total % 31) % 31] != text[-1]:
        return _CHECK_SENTENCE
    return None


def is_trader_code(credit_code: str) -> bool:
    """Whether a sound credit code is a sole trader's (个体工商户)."""
    return credit_code.startswith(_TRADER)


def citizen_id_fault(text: str, today: date | None = None) -> str | None:
    """What is wrong with a citizen id number, or None (GB 11643-1999, 18 characters).

    Where `today` is given, nobody is born after it or more than 130 years before it (ours).
    """
    if len(text) != 18:
        return f"公民身份号码应为 18 位，现在是 {len(text)} 位"
    if not (text[:17].isascii() and text[:17].isdigit() and text[17] in "0123456789X"):
        return "公民身份号码前 17 位是数字，最后一位是数字或 X"
    if text.startswith(_NO_AREA):
        return "号码开头的六位地区代码不会全是 0。请对照证件再核一遍"
    try:
        born = born_on(text)
    except ValueError:
        return "号码里的出生日期不存在。请对照证件再核一遍"
    is_ours = text[6:8] in _CENTURIES
    if not is_ours or (today is not None and not _is_of_our_years(born, today)):
        return f"号码里的出生年份是 {born.year} 年，不会是这一年。请对照证件再核一遍"
    if today is not None and born > today:
        return "号码里的出生日期还没有到。请对照证件再核一遍"
    total = sum(int(digit) * weight for digit, weight in zip(text, _CITIZEN_WEIGHTS, strict=False))
    if _CITIZEN_CHECKS[total % 11] != text[17]:
        return _CHECK_SENTENCE
    return None


def _is_of_our_years(born: date, today: date) -> bool:
    """Whether somebody is born this year at the latest, and 130 years before the day at most."""
    lived = (today.year - born.year, (today.month, today.day) > (born.month, born.day))
    return (0, False) <= lived <= (_OLDEST, False)


def born_on(citizen_id: str) -> date:
    """The day of birth that a sound citizen id number states."""
    return date(int(citizen_id[6:10]), int(citizen_id[10:12]), int(citizen_id[12:14]))


@dataclass(frozen=True)
class LicenceIdentifier:
    """The parts of a licence identifier (GB/T 36904-2018): the root and the check are derived."""

    type_code: str
    issuer_code: str
    serial: str
    version: int

    @property
    def stem(self) -> str:
        """What stays the same from version to version."""
        return f"{LICENCE_ROOT}.{self.type_code}.{self.issuer_code}.{self.serial}"

    @property
    def check(self) -> str:
        """The check character, over the four parts without dots and without the root."""
        return mod37_36(f"{self.type_code}{self.issuer_code}{self.serial}{self.version:03}")

    def __str__(self) -> str:
        return f"{self.stem}.{self.version:03}.{self.check}"


def parse_licence_identifier(text: str) -> tuple[LicenceIdentifier | None, str | None]:
    """The identifier's parts, and what is wrong with it.

    An identifier of right shape with a wrong check character gives both its parts and the
    fault, because such identifiers are met in the field and are kept as they stand.
    """
    match = _LICENCE_IDENTIFIER.fullmatch(text)
    if match is None:
        return None, "证照标识的写法不对。它以 1.2.156.3005.2 开头，共六段，用点隔开"
    parts = LicenceIdentifier(
        match["type"], match["issuer"], match["serial"], int(match["version"])
    )
    if parts.check != match["check"]:
        return parts, _CHECK_SENTENCE
    return parts, None
