"""What the logs say of requests that failed and of tasks."""

import time
from typing import Any

import structlog
from celery import signals
from django.core.signals import got_request_exception

from zezhou_portal.logs import where

log = structlog.get_logger(__name__)

_started: dict[str, float] = {}


def _request_failed(sender: Any, request: Any = None, **_: Any) -> None:  # noqa: ARG001
    log.exception("request_failed")


def _task_started(task_id: str = "", task: Any = None, **_: Any) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(task=getattr(task, "name", ""), request_id=task_id)
    _started[task_id] = time.monotonic()


def _task_ended(task_id: str = "", state: str | None = None, **_: Any) -> None:
    begun = _started.pop(task_id, None)
    seconds = None if begun is None else round(time.monotonic() - begun, 3)
    log.info("task_finished", state=state, seconds=seconds)
    structlog.contextvars.clear_contextvars()


def _task_failed(exception: BaseException | None = None, **_: Any) -> None:
    log.error("task_failed", error=where(exception) if exception else "")


def connect() -> None:
    """Called once, when the project's app is ready."""
    got_request_exception.connect(_request_failed, dispatch_uid="portal.request_failed")
    signals.task_prerun.connect(_task_started, dispatch_uid="portal.task_started")
    signals.task_postrun.connect(_task_ended, dispatch_uid="portal.task_ended")
    signals.task_failure.connect(_task_failed, dispatch_uid="portal.task_failed")
