"""Logs: structured, tied to a request, and without people."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from zezhou_portal import logs


@pytest.fixture
def lines() -> Iterator[Any]:
    """`lines()` gives what was logged so far, parsed."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Formatter("json"))
    logger = logging.getLogger("test.logs")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_an_event_is_one_json_line_with_its_request(lines: Any) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        structlog.get_logger("test.logs").info("licence_produced", count=3)
    (line,) = lines()
    assert line.pop("timestamp")
    assert line == {
        "event": "licence_produced", "count": 3, "request_id": "abc", "level": "info",
        "logger": "test.logs",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "王小明"}, {"name": "…"}),
        ({"holder": "王小明", "count": 2}, {"holder": "…", "count": 2}),
        ({"facts": {"phone": "13800138000", "n": 1}}, {"facts": {"phone": "…", "n": 1}}),
        ({"text": "证件 11010519491231002X 已核对"}, {"text": "证件 … 已核对"}),
        ({"rows": ["13800138000", "一"]}, {"rows": ["…", "一"]}),
        ({"code": "91350211M000100Y43"}, {"code": "…"}),
        # A digest, a time and a small number stay.
        ({"digest": "a" * 64, "n": 20261118}, {"digest": "a" * 64, "n": 20261118}),
    ],
)
def test_personal_data_does_not_reach_a_line(
    lines: Any, fields: dict[str, Any], expected: dict[str, Any]
) -> None:
    structlog.get_logger("test.logs").info("something", **fields)
    (line,) = lines()
    assert {key: line[key] for key in expected} == expected


def test_a_library_that_logs_a_number_is_masked_too(lines: Any) -> None:
    logging.getLogger("test.logs").warning("asked for %s", "13800138000")
    assert lines()[0]["event"] == "asked for …"


def test_a_traceback_says_where_and_what_kind_but_no_message(lines: Any) -> None:
    try:
        try:
            raise KeyError("王小明")
        except KeyError as cause:
            raise ValueError("row (王小明, 13800138000) is wrong") from cause
    except ValueError:
        structlog.get_logger("test.logs").exception("import_failed")
    (line,) = lines()
    assert line["error"].startswith("ValueError at ")
    assert "; from KeyError at " in line["error"]
    assert "test_logs.py:" in line["error"]
    assert "王小明" not in json.dumps(line, ensure_ascii=False)
    assert "exc_info" not in line


def test_a_line_for_people_is_key_and_value() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "hello %s", ("there",), None)
    text = logs.Formatter("text").format(record)
    assert "level='info' event='hello there'" in text


def test_libraries_that_quote_addresses_and_values_are_silent() -> None:
    loggers = logs.logging_of("json", "INFO")["loggers"]
    for name in ("django.request", "django.db.backends", "celery.app.trace"):
        assert loggers[name]["level"] == "CRITICAL"
