"""RuleBroken, NotPermitted and a wrong method as a page or as an API answer, with the article."""

import errno
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zezhou_portal.kernel.files import FileAltered, FileMissing
from zezhou_portal.pagekit.problem_details import PROBLEM, is_interface, problem
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.site.outages import FULL, answer_of, outage_of

# Nobody reads these, and they must answer while the database does not.
_FOR_MACHINES = frozenset({"healthz", "readyz"})

log = structlog.get_logger(__name__)

WRONG_WAY = "这个地址不能这样打开。什么也没有改动。"
FILE_GONE = "存着的文件不见了或与入库时不一致，不能打开。请马上找系统管理员。"


class OneShapeMiddleware:
    """Whatever went wrong on the interface, and wherever, is told in one shape (RFC 9457).

    Stands outside: an unknown address, a host that is not ours, a failure of the portal have no
    view that could say it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers; a page for people is not sent to a machine."""
        response = self.get_response(request)
        if response.status_code < 400 or not is_interface(request):
            return response
        if response.headers.get("Content-Type", "") == PROBLEM:
            return response
        answer = problem(response.status_code)
        for name, value in response.headers.items():
            if not name.startswith("Content-"):
                answer.setdefault(name, value)
        return answer


class ProblemMiddleware:
    """Turns what a verb refuses, and no view caught, into a page a person can act on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on; exceptions come back through `process_exception`.

        An address that was opened the wrong way says what to do instead of presentation nothing.
        """
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        match = request.resolver_match
        if match is not None and match.url_name in _FOR_MACHINES:
            return response
        allowed = response.headers["Allow"]
        context = {"only_sends": "GET" not in allowed, "reason": WRONG_WAY}
        page = answer_problem(request, 405, "405.html", context)
        page["Allow"] = allowed
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """403 for a missing capability, 409 for a broken rule or a lost file; else nothing."""
        if isinstance(error, NotPermitted):
            return answer_problem(
                request, 403, "403.html", {"problem": error, "reason": error.reason}
            )
        if isinstance(error, RuleBroken):
            context = {"problem": error, "reason": error.reason, "article": error.article}
            return answer_problem(request, 409, "409.html", context)
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return answer_of(request, FULL)
        if outage := outage_of(error):
            return answer_of(request, outage)
        if isinstance(error, FileMissing | FileAltered):
            log.error("file_not_as_stored", kind=type(error).__name__)
            return answer_problem(request, 409, "409.html", {"reason": FILE_GONE})
        return None


def answer_problem(
    request: HttpRequest, status: int, template: str, context: dict[str, Any]
) -> HttpResponse:
    """A refusal as a page for people, as JSON for the interface; logged by its route."""
    match = request.resolver_match
    log.info("act_refused", status=status, route=match.route if match else "")
    if is_interface(request):
        return problem(status, str(context["reason"]), article=context.get("article", ""))
    return render(request, template, context, status=status)
