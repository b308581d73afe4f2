"""The envelope around a body that crosses between portal and city, either way; pure.

Body: canonical JSON. Headers: the moment of sending, a key that names the message (the same
for every try, so that the far side can tell a repeat), the body's SM3 digest (GB/T 32905) and
an HMAC with SM3 over method, path, moment, key and digest under the shared secret.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

MOMENT = "X-Exchange-Time"
KEY = "X-Exchange-Key"
DIGEST = "X-Exchange-Digest"
SIGNATURE = "X-Exchange-Signature"

# How far the two clocks may be apart, either way (ours).
TOLERANCE = timedelta(minutes=5)


class BadEnvelope(Exception):
    """The envelope does not prove who sent the body; `code` says why in one word."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def canonical(content: Any) -> bytes:
    """The bytes of a body: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(body: bytes) -> str:
    """The SM3 digest of a body: 64 hex digits."""
    return hashlib.new("sm3", body).hexdigest()


def seal(
    secret: str, *, method: str, path: str, key: str, body: bytes, moment: datetime
) -> dict[str, str]:
    """The headers that go with a body. Raises BadEnvelope where there is no secret."""
    told = moment.astimezone(UTC).isoformat(timespec="seconds")
    summary = digest(body)
    return {
        MOMENT: told,
        KEY: key,
        DIGEST: summary,
        SIGNATURE: _code(secret, method, path, told, key, summary),
    }


def check(
    secret: str,
    *,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
) -> str:
    """The key of a body whose envelope is right. Raises BadEnvelope for every other."""
    told, key = headers.get(MOMENT, ""), headers.get(KEY, "")
    summary, code = headers.get(DIGEST, ""), headers.get(SIGNATURE, "")
    if not (told and key and summary and code):
        raise BadEnvelope("incomplete", "请求缺少签名信息。")
    expected = _code(secret, method, path, told, key, summary)
    if not hmac.compare_digest(expected.encode(), code.encode()):
        raise BadEnvelope("signature", "请求签名不对。请核对双方共用的密钥。")
    if not hmac.compare_digest(digest(body).encode(), summary.encode()):
        raise BadEnvelope("digest", "请求内容与摘要不一致。")
    try:
        sent = datetime.fromisoformat(told)
        apart = abs(now - sent)
    except (ValueError, TypeError) as error:
        raise BadEnvelope("time", "请求时间的写法不对。") from error
    if apart > TOLERANCE:
        raise BadEnvelope("time", "请求时间与本机相差超过 5 分钟。请校准时钟后重发。")
    return key


def _code(secret: str, *parts: str) -> str:
    if not secret:
        raise BadEnvelope("secret", "还没有配置与市平台共用的密钥。")
    return hmac.new(secret.encode(), "\n".join(parts).encode(), "sm3").hexdigest()
