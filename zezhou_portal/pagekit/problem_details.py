"""Errors of the interface in one shape: application/problem+json (RFC 9457).

    {"type": "about:blank", "title": "请求太多", "status": 429, "detail": "…请在 10:20 以后再查。"}

`code` names the case for a machine where there are several of one status, `article` the rule that
was broken, `errors` each field that is wrong. A test asks every route for it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, views

from zezhou_portal.pagekit.responses import never_kept

PROBLEM = "application/problem+json"
_PREFIX = "/api/"
# What a view that has an error of its own names in its description; `describe` gives it its shape.
PROBLEM_OUT = OpenApiResponse(description="problem")
_TITLES = {
    400: "请求读不懂", 401: "没有证明身份", 403: "不能办", 404: "没有找到", 405: "方法不对",
    406: "给不出这种格式", 409: "现在不能办", 411: "没有写明长度", 413: "内容太大",
    415: "格式收不了", 429: "请求太多", 500: "系统出错", 503: "现在办不了事",
}  # fmt: skip
_SENTENCES = {
    400: "送来的请求读不懂，没有处理。",
    403: "这一步不能由您办理。",
    404: "没有这个地址，或者没有这一件。",
    405: "这个地址不收这种方法。",
    406: "只给 application/json。",
    415: "只收 application/json。",
    500: "系统出错了，没有办成。请稍后再试。",
}
_UNREADABLE = "送来的内容不是读得懂的 JSON。"
_WRONG_FIELDS = "有几项不对，见 errors。"
_OTHER = "没有办成。"


def is_interface(request: HttpRequest) -> bool:
    """Whether a machine asks: it is answered in this shape."""
    return request.path.startswith(_PREFIX)


def problem(
    status: int, detail: str = "", *, retry_after: int | None = None, **more: Any
) -> JsonResponse:
    """An error as the interface tells it; `more` is what the case adds, nothing where empty."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, _OTHER.rstrip("。")),
        "status": status,
        "detail": detail or _SENTENCES.get(status, _OTHER),
        **{name: value for name, value in more.items() if value},
    }
    answer = JsonResponse(
        body, status=status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False}
    )
    if retry_after is not None:
        answer["Retry-After"] = str(max(retry_after, 1))
    return never_kept(answer)


def handled(error: Exception, context: dict[str, Any]) -> JsonResponse | None:
    """REST framework's own errors as problems; others are left to the middleware (None)."""
    told = views.exception_handler(error, context)
    if told is None:
        return None
    answer = problem(told.status_code, **_said(error))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in told.headers:
            answer[name] = told.headers[name]
    return answer


def _said(error: Exception) -> dict[str, Any]:
    """What a kind of error has to say beyond its status."""
    if isinstance(error, exceptions.ValidationError):
        return {"detail": _WRONG_FIELDS, "errors": list(_wrong(error.detail))}
    if isinstance(error, exceptions.ParseError):
        return {"detail": _UNREADABLE}
    if isinstance(error, exceptions.AuthenticationFailed) and isinstance(error.detail, Mapping):
        return {"detail": str(error.detail["reason"]), "code": str(error.detail["code"])}
    if isinstance(error, exceptions.PermissionDenied):
        return {"detail": str(error.detail)}
    return {}


def _wrong(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Each sentence with the JSON pointer of its field."""
    if isinstance(detail, Mapping):
        for name, one in detail.items():
            yield from _wrong(one, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for place, one in enumerate(detail):
            deeper = f"{pointer}/{place}" if isinstance(one, Mapping | list) else pointer
            yield from _wrong(one, deeper)
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def describe(result: dict[str, Any], generator: Any, **_: Any) -> dict[str, Any]:  # noqa: ARG001
    """The shape in the interface's description, on every operation."""
    parts = result.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = _SCHEMA
    parts["headers"] = {"RetryAfter": _RETRY_AFTER}
    parts["responses"] = {"Problem": _response("没有办成：RFC 9457 写明是什么、为什么。")}
    for path in result["paths"].values():
        for operation in path.values():
            _add_problems(operation)
    return result


def _add_problems(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    statuses = {status for status in responses if status[0] in "45"} | {"503"}
    if "requestBody" in operation:
        statuses |= {"400", "413", "415"}
    if any("envelope" in one for one in operation.get("security", [])):
        statuses.add("401")
    for status in sorted(statuses):
        responses[status] = _response(_TITLES[int(status)], again=status in {"429", "503"})
    responses["default"] = {"$ref": "#/components/responses/Problem"}


def _response(words: str, *, again: bool = False) -> dict[str, Any]:
    told: dict[str, Any] = {"description": words}
    if again:
        told["headers"] = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    told["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return told


_RETRY_AFTER = {
    "description": "过多少秒再试",
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
}
_SCHEMA = {
    "type": "object",
    "description": "没有办成的原因（RFC 9457）。",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "example": "about:blank"},
        "title": {"type": "string", "example": "请求太多"},
        "status": {"type": "integer", "example": 429},
        "detail": {"type": "string", "description": "给人看的一句话"},
        "code": {"type": "string", "description": "同一状态码有几种情形的，是哪一种"},
        "article": {"type": "string", "description": "依据的条款", "example": "M.26"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "example": "#/text"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
