"""Structured logs: one event a line, named in snake case, and no personal data.

Three things keep people out of the logs: fields that name a person are refused by name,
numbers that look like a citizen id, a phone or a credit code are masked wherever they stand,
and a traceback shows where and what kind, never the message (a database's message quotes the
row that failed).
"""

import logging
import logging.config
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

MASK = "…"
# Field names that never belong in a log; the value is replaced, the mistake stays visible.
PERSONAL = frozenset({
    "address", "birthday", "citizen_id", "email", "holder", "holder_name", "id_number",
    "legal_representative", "mobile", "name", "password", "person", "phone", "photo", "secret",
    "token", "values", "username",
})  # fmt: skip
# Citizen ids (15 or 18), mobile numbers, unified credit codes.
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9}|[0-9A-HJ-NPQRTUWXY]{2}\d{6}"
    r"[0-9A-HJ-NPQRTUWXY]{10})(?![0-9A-Za-z])"
)

Event = MutableMapping[str, Any]


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _NUMBERS.sub(MASK, value)
    if isinstance(value, Mapping):
        return {key: MASK if key in PERSONAL else _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    return value


def without_people(_logger: Any, _method: str, event: Event) -> Event:
    """A structlog processor: masks what would tell who a person is."""
    for key, value in event.items():
        event[key] = MASK if key in PERSONAL else _masked(value)
    return event


def where(error: BaseException, trace: TracebackType | None = None) -> str:
    """`Kind at file:line in function < …`, innermost first, causes after; no messages."""
    frames = traceback.extract_tb(trace or error.__traceback__)
    steps = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in reversed(frames[-12:])]
    text = type(error).__name__ + (" at " + " < ".join(steps) if steps else "")
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{text}; from {where(cause)}" if cause else text


def _exception(_logger: Any, _method: str, event: Event) -> Event:
    """A structlog processor: `exc_info` becomes one line without messages."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = where(error)
    return event


_SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
    _exception,
    without_people,
)


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Our events and those of libraries in one shape: `json` for machines, `text` for people."""

    def __init__(self, shape: str = "json") -> None:
        last: Any = (
            structlog.processors.JSONRenderer(ensure_ascii=False)
            if shape == "json"
            else structlog.processors.KeyValueRenderer(
                key_order=["timestamp", "level", "event"], drop_missing=True
            )
        )
        super().__init__(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            foreign_pre_chain=[*_SHARED[:3], structlog.stdlib.ExtraAdder(set()), *_SHARED[3:]],
            keep_exc_info=False,
            keep_stack_info=False,
        )


def logging_of(shape: str, level: str) -> dict[str, Any]:
    """The LOGGING setting; `shape` is `json` or `text`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"events": {"()": "zezhou_portal.logs.Formatter", "shape": shape}},
        "handlers": {
            "stream": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "events",
            }
        },
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # These put paths, arguments or values into their messages. The portal logs its own
            # requests, refusals and tasks (site.middleware, site.signals).
            "django.request": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "CRITICAL"},
            "django.db.backends": {"level": "CRITICAL"},
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            # Warns of every font that a face embeds, whose date is none (production.face.subsets).
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }


def configure(setting: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: sets both logging and structlog up."""
    logging.config.dictConfig(setting)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
