"""Whatever was scanned or typed, asked of the register: the one way in for page and interface."""

from django.conf import settings

from usage.verifying.codes import Kind, understand
from usage.verifying.paper_checks import check_copy, check_printed
from usage.verifying.printed_codes import normalise_check_code, normalise_serial
from usage.verifying.redeeming import Reading, read_code
from zezhou_portal.kernel.actors import Actor


def ask(*, actor: Actor, text: str, purpose: str = "") -> Reading:
    """What a text leads to: the code of a presentation, of a face, of a copy, or nothing of ours.

    Never raises for what was typed. Article: P.2.3.3, M.19, S.10.
    """
    understood = understand(text, settings.PORTAL_ADDRESS)
    if understood.kind is Kind.PRINTED:
        serial = normalise_serial(understood.first)
        code = normalise_check_code(understood.second)
        return check_printed(actor=actor, serial=serial, code=code, purpose=purpose)
    if understood.kind is Kind.COPY:
        return check_copy(actor=actor, code=understood.first, purpose=purpose)
    return read_code(actor=actor, understood=understood, purpose=purpose)
