"""One-time codes (RFC 6238): secret, code, check.

The row of a device holds a seed only. The secret that the phone and the portal share is the
seed keyed with the index key in `PORTAL_KEYS`: whoever copies the database cannot make codes.
"""

import base64
from datetime import datetime
from urllib.parse import quote, urlencode

import zxingcpp
from django.conf import settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from zezhou_portal.kernel import clock, vault
from zezhou_portal.parties.models import Account

STEP = 30
DIGITS = 6
TOLERANCE = 1  # steps before and after: phones' clocks are a little off


def secret_of(device: TOTPDevice) -> bytes:
    """The 20 bytes that phone and portal share."""
    return bytes.fromhex(vault.blind(f"totp:{device.key}"))[:20]


def begin(account: Account) -> TOTPDevice:
    """The device that is being set up: a new seed unless one is under way already."""
    device = TOTPDevice.objects.filter(user=account, confirmed=False).order_by("pk").first()
    if device is None:
        device = TOTPDevice.objects.create(
            user=account, name="动态口令", key=random_hex(20), confirmed=False, tolerance=TOLERANCE
        )
    return device


def under_way(account: Account) -> TOTPDevice | None:
    """The device whose set-up has begun and is not finished."""
    found: TOTPDevice | None = (
        TOTPDevice.objects.filter(user=account, confirmed=False).order_by("pk").first()
    )
    return found


def device_of(account: Account) -> TOTPDevice | None:
    """The account's device, once it is set up."""
    found: TOTPDevice | None = (
        TOTPDevice.objects.filter(user=account, confirmed=True).order_by("pk").first()
    )
    return found


def forget(account: Account) -> None:
    """Removes every device of an account."""
    TOTPDevice.objects.filter(user=account).delete()


def code_at(device: TOTPDevice, moment: datetime) -> str:
    """The code that a phone shows at a moment: six digits."""
    return f"{_totp(device, moment).token():0{DIGITS}d}"


def accept(device: TOTPDevice, code: str) -> bool:
    """Whether a code is right now and was not used before; a right one is used up by this."""
    typed = "".join(code.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return False
    totp = _totp(device, clock.now())
    if not totp.verify(int(typed), tolerance=TOLERANCE, min_t=device.last_t + 1):
        return False
    step: int = totp.t()
    # Whoever moves last_t forward has used the code; a second reader of the same code has not.
    used: int = TOTPDevice.objects.filter(pk=device.pk, last_t__lt=step).update(last_t=step)
    device.last_t = step
    return used == 1


def address_of(account: Account, device: TOTPDevice) -> str:
    """The otpauth address that a phone's application scans."""
    issuer = settings.OTP_TOTP_ISSUER
    query = urlencode(
        {
            "secret": base64.b32encode(secret_of(device)).decode("ascii"),
            "issuer": issuer,
            "algorithm": "SHA1",
            "digits": DIGITS,
            "period": STEP,
        },
        quote_via=quote,
    )
    return f"otpauth://totp/{quote(issuer)}:{quote(account.username)}?{query}"


def secret_in_groups(device: TOTPDevice) -> list[str]:
    """The secret as one types it, in groups of four."""
    text = base64.b32encode(secret_of(device)).decode("ascii")
    return [text[place : place + 4] for place in range(0, len(text), 4)]


def picture_of(address: str) -> str:
    """The address as a QR code: an SVG document."""
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg: str = code.to_svg(add_quiet_zones=True)
    return svg


def as_data(picture: str) -> str:
    """An SVG document as the address of an image: the content policy allows images so."""
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode('ascii')}"


def _totp(device: TOTPDevice, moment: datetime) -> TOTP:
    totp = TOTP(secret_of(device), step=STEP, digits=DIGITS)
    totp.time = moment.timestamp()
    return totp
