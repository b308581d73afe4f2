"""Ticket-style single sign-on, as provincial service portals have it.

The browser is sent to the province's log-in with a return address and comes back with a ticket.
The portal's server, not the browser, trades the ticket for the person's data: once, in a
question and an answer that both carry a signature under the shared secret.
"""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity import ticket_proof
from zezhou_portal.parties.identity.asking import (
    Answer,
    ask,
    down,
    not_agreed,
    unproven,
    unreadable,
)
from zezhou_portal.parties.identity.claims import assertion
from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.parties.identity.port import Assertion, Begun, SignInFailed

_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_LONGEST_TICKET = 512


class TicketSignOn:
    """One province's sign-on."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def begin(self, state: str, back: str) -> Begun:
        """To the province's log-in page; the state travels in the return address."""
        provider = self._provider
        returning = f"{back}?{urlencode({'state': state})}"
        query = urlencode({"application": provider.application, "return": returning})
        joint = "&" if urlsplit(provider.log_in).query else "?"
        return Begun(f"{provider.log_in}{joint}{query}", {})

    def finish(self, params: Mapping[str, str], kept: Mapping[str, str]) -> Assertion:  # noqa: ARG002
        """Trades the ticket for the person's data. Raises SignInFailed."""
        ticket = params.get("ticket", "")
        if not ticket or len(ticket) > _LONGEST_TICKET:
            raise SignInFailed(
                "cancelled", f"您在“{self._provider.label}”没有完成登录。要登录，请重新选。"
            )
        nonce = secrets.token_urlsafe(24)
        answer = self._exchange(ticket, nonce)
        told = self._person(answer, nonce)
        # The sample service must never vouch for anybody on a county's own portal, nor a
        # service that vouches for real people be taken for it.
        if bool(told.get("sample")) != self._provider.is_sample:
            raise unproven(self._provider)
        person = told.get("person")
        if not isinstance(person, dict):
            raise unreadable(self._provider)
        return assertion(self._provider, person, {})

    def leave(self, back: str) -> str:  # noqa: ARG002
        """Nothing: the protocol has no sign-out."""
        return ""

    def _exchange(self, ticket: str, nonce: str) -> Answer:
        provider = self._provider
        moment = clock.now().isoformat(timespec="seconds")
        proof = ticket_proof.request_proof(
            provider.secret, provider.application, ticket, moment, nonce
        )
        fields = {
            "application": provider.application,
            "ticket": ticket,
            "moment": moment,
            "nonce": nonce,
            "signature": proof,
        }
        return ask(provider, "POST", provider.exchange, headers=_FORM, content=urlencode(fields))

    def _person(self, answer: Answer, nonce: str) -> dict[str, Any]:
        """A signed answer's content; a refusal becomes its sentence."""
        provider = self._provider
        if answer.status >= 500:
            raise down(provider)
        told = answer.told()
        if answer.status in {401, 403}:
            raise not_agreed(provider)
        if answer.status != 200:
            raise SignInFailed(
                "ticket",
                f"“{provider.label}”不认这次登录：可能已经用过，或者隔得太久。请重新开始。",
            )
        proof = ticket_proof.answer_proof(provider.secret, nonce, answer.body)
        if not ticket_proof.is_same(answer.headers.get(ticket_proof.SIGNATURE, ""), proof):
            raise unproven(provider)
        if not told:
            raise unreadable(provider)
        return told
