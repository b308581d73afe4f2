"""What the portal needs of an identity service, whichever protocol it speaks (M.20).

The portal keeps no password of a holder. It sends them to an identity service and takes back
one assertion; whom the register knows by it, `parties.services.real_name` decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Assertion:
    """What an identity service says of a person, in the portal's words.

    `subject` names the person at the service, with the service's name space in front; it may be
    all that is known (the national network identity gives no number). `enterprise_code` is there
    where the person signed in for an enterprise; `office` says as what.
    """

    provider: str
    subject: str
    name: str
    level: int
    identity_type: str = ""
    identity_number: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    enterprise_name: str = ""
    enterprise_code: str = ""
    office: str = ""


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what the session must keep until it comes back."""

    address: str
    kept: dict[str, str]


class SignInFailed(Exception):
    """The service's answer proves nobody; `code` says why in one word, `sentence` to a person."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class IdentityService(Protocol):
    """One identity service."""

    def begin(self, state: str, back: str) -> Begun:
        """Starts a sign-in that comes back to the address `back` with `state`.

        Raises SignInFailed where the service cannot be reached.
        """
        ...

    def finish(self, params: Mapping[str, str], kept: Mapping[str, str]) -> Assertion:
        """Who came back, by what the browser brought and what the session kept.

        The caller has compared the state. Raises SignInFailed.
        """
        ...

    def leave(self, back: str) -> str:
        """Where a person signs out of the service itself; empty where it offers nothing.

        Nobody is asked for it.
        """
        ...
