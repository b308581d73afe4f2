"""/healthz: the process answers. /readyz: everything it needs answers too."""

import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import redis
import structlog
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zezhou_portal.kernel import right_time, signs, vault
from zezhou_portal.parties.notices import watching

log = structlog.get_logger(__name__)


class NotReady(Exception):
    """A part answers, but not as the portal needs it."""


def _database(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    if _are_applied():
        return
    _are_applied.cache_clear()
    raise NotReady("migrations are waiting")


@lru_cache(maxsize=1)
def _are_applied() -> bool:
    """Remembered once true: a running process never becomes older than its database."""
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _redis() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_TIMES) as client:
        client.ping()


def _keys() -> None:
    if vault.decrypt(vault.encrypt("ready")) != "ready":
        raise NotReady("the data keys do not fit each other")


def _files() -> None:
    folder = Path(settings.PORTAL_FILES)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"ready")
        file.flush()
        os.fsync(file.fileno())


def _clock() -> None:
    if not right_time.is_right():
        raise NotReady("this machine's clock is not the database's")


def _watched() -> dict[str, str]:
    """Who else was heard of lately: a worker that is silent makes no page unready."""
    try:
        ages = signs.ages(watching.EXPECTED)
    except redis.RedisError:
        return {}
    return {name: "no: silent" if signs.is_silent(age) else "yes" for name, age in ages.items()}


QUESTIONS: dict[str, Callable[[], None]] = {
    "database": lambda: _database("default"),
    "database_for_refusals": lambda: _database("refusals"),
    "migrations": _migrations,
    "redis": _redis,
    "keys": _keys,
    "files": _files,
    "clock": _clock,
}


def answers() -> dict[str, str]:
    """Each question and `yes`, or `no: ` and the kind of error; never raises."""
    found = {}
    for question, ask in QUESTIONS.items():
        try:
            ask()
        except Exception as error:
            found[question] = f"no: {type(error).__name__}"
            log.warning("not_ready", question=question, exc_info=error)
        else:
            found[question] = "yes"
    return found


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 as long as the process answers; asks nothing else."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 where every answer is yes, else 503; each answer by name."""
    found = answers()
    ready = all(answer == "yes" for answer in found.values())
    return JsonResponse(
        {"ready": ready, "answers": found, "watched": _watched()}, status=200 if ready else 503
    )


for _view in (healthz, readyz):
    _view.public = "because machines ask it and it names no licence"  # type: ignore[attr-defined]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
