"""What is said when the database is away, its disk is full or a question takes too long.

Drawn without a single query and without a session: it must come while nothing else does.
"""

import sys
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

from zezhou_portal.pagekit.problem_details import is_interface, problem

log = structlog.get_logger(__name__)

_AGAIN_AFTER = "30"


@dataclass(frozen=True)
class Outage:
    """What is the matter, as a page says it."""

    code: str
    title: str
    reason: str


AWAY = Outage("database_away", "门户现在办不了事", "系统正在恢复，请过几分钟再试。")
FULL = Outage("disk_full", "服务器磁盘满了", "系统管理员腾出空间以后就能接着办，请过一会儿再试。")
SLOW = Outage("too_slow", "要查的太多，没有查完", "请把条件缩小一些再查。")

# By PostgreSQL's own codes; a connection that failed has none.
_BY_CODE = {"53100": FULL, "57014": SLOW}
_AWAY = ("08", "53", "57")


def outage_of(error: BaseException | None) -> Outage | None:
    """What an error says of the database; None for one that is of the portal's own making."""
    if isinstance(error, InterfaceError):
        return AWAY
    if not isinstance(error, OperationalError):
        return None
    code = getattr(error.__cause__, "pgcode", None) or ""
    if code in _BY_CODE:
        return _BY_CODE[code]
    return AWAY if not code or code.startswith(_AWAY) else None


def answer_of(request: HttpRequest, outage: Outage) -> HttpResponse:
    """The 503 of an outage: a page, or the interface's answer."""
    log.error("outage", kind=outage.code)
    if is_interface(request):
        sentence = f"{outage.title}。{outage.reason}"
        answer: HttpResponse = problem(503, sentence, code=outage.code)
    else:
        context = {"title": outage.title, "reason": outage.reason}
        answer = HttpResponse(render_to_string("503.html", context), status=503)
    answer["Retry-After"] = _AGAIN_AFTER
    answer["Cache-Control"] = "no-store"
    return answer


@requires_csrf_token
def failed(request: HttpRequest) -> HttpResponse:
    """What Django asks where nobody caught an error: an outage is said as one."""
    outage = outage_of(sys.exc_info()[1])
    return answer_of(request, outage) if outage else server_error(request)
