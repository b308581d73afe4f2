"""OpenID Connect: authorization code with PKCE, state and nonce; every claim checked.

Metadata and keys are kept for minutes, keys asked for anew where none fits (`patience`): a
service that is slow or away does not hold up the portal with every stranger who wants to sign in.
"""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import extract_compact

from zezhou_portal.kernel import clock
from zezhou_portal.parties.identity.asking import (
    ask,
    down,
    not_agreed,
    unproven,
    unreadable,
)
from zezhou_portal.parties.identity.claims import assertion
from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.parties.identity.patience import FRESH, KEYS_AGAIN, known, published
from zezhou_portal.parties.identity.port import Assertion, Begun, SignInFailed

# Signatures by a key that only the service has; none, and none that a shared secret makes.
_ALGORITHMS = ("RS256", "PS256", "ES256")
_KINDS = ("RSA", "EC")
_MOST_KEYS = 32
_END_SESSION = "end_session_endpoint"
_LEEWAY = 120  # seconds that the two clocks may be apart
_NAMES = {"subject": "sub", "phone": "phone_number"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class OpenIdConnect:
    """One OpenID provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def begin(self, state: str, back: str) -> Begun:
        """To the provider's authorization endpoint. Raises SignInFailed."""
        endpoint = self._metadata()["authorization_endpoint"]
        # whoever proved themselves long ago does so again: the machine may be another's by now
        asked = {"max_age": self._provider.max_age} if self._provider.max_age else {}
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        address = prepare_grant_uri(
            endpoint,
            client_id=self._provider.client,
            response_type="code",
            redirect_uri=back,
            scope=self._provider.scope or "openid profile",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            **asked,
        )
        return Begun(str(address), {"nonce": nonce, "verifier": verifier, "back": back})

    def finish(self, params: Mapping[str, str], kept: Mapping[str, str]) -> Assertion:
        """Trades the code for a token and the token for who it is. Raises SignInFailed."""
        self._check_answer(params)
        metadata = self._metadata()
        self._check_issuer(metadata, params)
        tokens = self._tokens(metadata, params["code"], kept)
        claims = self._identity(metadata, tokens, kept)
        told = {**self._details(metadata, tokens, str(claims["sub"])), **claims}
        return assertion(self._provider, told, _NAMES)

    def leave(self, back: str) -> str:
        """To the provider's own sign-out (RP-initiated logout), where its metadata names one."""
        endpoint = str(known(self._provider, self._metadata_address).get(_END_SESSION, ""))
        if not endpoint.startswith(("https://", "http://")):
            return ""
        query = {"client_id": self._provider.client, "post_logout_redirect_uri": back}
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"

    def _check_issuer(self, metadata: Mapping[str, Any], params: Mapping[str, str]) -> None:
        """RFC 9207: an answer that names its issuer must name this one; one promised must come."""
        promised = metadata.get("authorization_response_iss_parameter_supported") is True
        named = params.get("iss")
        if named != self._provider.issuer and (promised or named is not None):
            raise unproven(self._provider)

    def _check_answer(self, params: Mapping[str, str]) -> None:
        if params.get("error") == "access_denied":
            raise SignInFailed(
                "cancelled", f"您在“{self._provider.label}”没有同意登录。要登录，请重新选。"
            )
        if params.get("error") or not params.get("code"):
            raise SignInFailed(
                "refused",
                f"“{self._provider.label}”没有让您登录。请再试一次；还不行，打 12345。",
            )

    @property
    def _metadata_address(self) -> str:
        return f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"

    def _metadata(self) -> dict[str, Any]:
        return published(self._provider, self._metadata_address, self._asked_metadata)

    def _asked_metadata(self) -> dict[str, Any]:
        told = self._object("GET", self._metadata_address)
        if told.get("issuer") != self._provider.issuer:
            raise unproven(self._provider)
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not str(told.get(name, "")).startswith(("https://", "http://")):
                raise unreadable(self._provider)
        return told

    def _tokens(
        self, metadata: Mapping[str, Any], code: str, kept: Mapping[str, str]
    ) -> dict[str, Any]:
        """The token endpoint's answer; a code that is used, foreign or late is refused there."""
        provider = self._provider
        body = prepare_token_request(
            "authorization_code",
            redirect_uri=kept["back"],
            code=code,
            code_verifier=kept["verifier"],
        )
        headers, proof = self._own_proof(metadata)
        answer = ask(
            provider,
            "POST",
            metadata["token_endpoint"],
            headers={**_FORM, **headers},
            content=f"{body}{proof}",
        )
        told = answer.told()
        if answer.status >= 500:
            raise down(provider)
        if told.get("error") in {"invalid_client", "unauthorized_client"}:
            raise not_agreed(provider)
        if answer.status != 200 or "id_token" not in told:
            raise SignInFailed(
                "code",
                f"“{provider.label}”不认这次登录：可能已经用过，或者隔得太久。请重新开始。",
            )
        return told

    def _own_proof(self, metadata: Mapping[str, Any]) -> tuple[dict[str, str], str]:
        """How the portal proves itself, as the provider likes it: a header, or two fields."""
        provider = self._provider
        liked = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in liked:
            pair = f"{quote(provider.client, safe='')}:{quote(provider.secret, safe='')}"
            return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}, ""
        given = urlencode({"client_id": provider.client, "client_secret": provider.secret})
        return {}, f"&{given}"

    def _identity(
        self, metadata: Mapping[str, Any], tokens: Mapping[str, Any], kept: Mapping[str, str]
    ) -> dict[str, Any]:
        """The claims of an ID token that is this provider's, for us, for this sign-in, now."""
        provider = self._provider
        try:
            token = self._proved_token(str(metadata["jwks_uri"]), str(tokens["id_token"]))
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client},
                },
                params={
                    "nonce": kept["nonce"],
                    "client_id": provider.client,
                    "access_token": tokens.get("access_token"),
                },
            )
            now = int(clock.now().timestamp())
            claims.validate(now=now, leeway=_LEEWAY)
            self._check_age(claims, now)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise unproven(provider) from error
        return dict(claims)

    def _check_age(self, claims: Mapping[str, Any], now: int) -> None:
        """When the person proved themselves. Raises ValueError for nothing said, or too long ago.

        The answer to `max_age` must say it (OpenID Connect Core, 2).
        """
        if not self._provider.max_age:
            return
        moment = claims.get("auth_time")
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            raise ValueError("no auth_time though max_age was asked")
        if now - moment > self._provider.max_age + _LEEWAY or moment - now > _LEEWAY:
            raise ValueError("auth_time is too long ago, or to come")

    def _proved_token(self, address: str, token: str) -> jwt.Token:
        """The token, by the keys that are kept; by those of now where none of them fits."""

        def keys(fresh: timedelta) -> Any:
            held = published(
                self._provider, address, lambda: self._object("GET", address), fresh=fresh
            )
            return held.get("keys")

        listed = keys(FRESH)
        try:
            return _proved(token, listed)
        except (JoseError, ValueError):
            anew = keys(KEYS_AGAIN)
            if anew == listed:
                raise
            return _proved(token, anew)

    def _details(
        self, metadata: Mapping[str, Any], tokens: Mapping[str, Any], subject: str
    ) -> dict[str, Any]:
        """What the userinfo endpoint adds of the same person; nothing where there is none."""
        address = metadata.get("userinfo_endpoint")
        if not address or not tokens.get("access_token"):
            return {}
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        told = self._object("GET", str(address), bearer)
        if told.get("sub") != subject:
            raise unproven(self._provider)
        return told

    def _object(
        self, method: str, address: str, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        answer = ask(self._provider, method, address, headers=headers)
        if answer.status >= 500:
            raise down(self._provider)
        told = answer.told()
        if answer.status != 200 or not told:
            raise unreadable(self._provider)
        return told


def _proved(token: str, listed: Any) -> jwt.Token:
    """The ID token, signed by a key of the set. A key without an id may be any token's.

    Raises JoseError or ValueError where no key of the set made the signature.
    """
    named = extract_compact(token.encode()).headers().get("kid")
    keys = _usable(listed)
    own = [key for name, key in keys if named is None or name == named]
    refused: Exception = ValueError("the key set has no key for this token")
    for key in own or [key for name, key in keys if name is None]:
        try:
            return jwt.decode(token, key, algorithms=_ALGORITHMS)
        except (JoseError, ValueError) as error:
            refused = error
    raise refused


def _usable(listed: Any) -> list[tuple[str | None, Key]]:
    """The keys of a set that can prove a token, each with its id: others are passed over.

    A set may hold keys of kinds or curves that we do not know, for encryption, or damaged.
    """
    found: list[tuple[str | None, Key]] = []
    for entry in (listed if isinstance(listed, list) else [])[:_MOST_KEYS]:
        if not isinstance(entry, dict) or entry.get("kty") not in _KINDS:
            continue
        if entry.get("use", "sig") != "sig":
            continue
        try:
            found.append((entry.get("kid"), JWKRegistry.import_key(entry)))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return found
