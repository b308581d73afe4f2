"""SM2 through the portal's port beside OpenSSL's own figure, taken in between."""

import subprocess
import time

from scripts.lib.bench_clock import per_second
from seals.crypto import sm2

_SECONDS = 2
_MESSAGE = bytes(20)  # what `openssl speed` signs


def measure() -> dict[str, float]:
    """Signatures and verifications a second of processor time, as OpenSSL counts its own."""
    key = sm2.PrivateKey.generate()
    spki, signature = key.public_spki(), key.sign(_MESSAGE)

    def signing() -> float:
        return per_second(lambda: key.sign(_MESSAGE), seconds=_SECONDS, clock=time.process_time)

    def verifying() -> float:
        return per_second(
            lambda: sm2.verify(spki, signature, _MESSAGE),
            seconds=_SECONDS,
            clock=time.process_time,
        )

    # Before and after, so that a load that comes or goes is shared by both sides.
    sign, verify = [signing()], [verifying()]
    bare_sign, bare_verify = _openssl()
    sign.append(signing())
    verify.append(verifying())
    signed, verified = sum(sign) / 2, sum(verify) / 2
    return {
        "sm2_signs_per_second": signed,
        "bare_openssl_sm2_signs_per_second": bare_sign,
        "sm2_sign_ratio": signed / bare_sign,
        "sm2_verifies_per_second": verified,
        "bare_openssl_sm2_verifies_per_second": bare_verify,
        "sm2_verify_ratio": verified / bare_verify,
    }


def _openssl() -> tuple[float, float]:
    """The last two figures of the last line: signatures and verifications a second."""
    answer = subprocess.run(
        ["openssl", "speed", "-seconds", str(_SECONDS), "sm2"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    words = answer.stdout.strip().splitlines()[-1].split()
    return float(words[-2]), float(words[-1])
