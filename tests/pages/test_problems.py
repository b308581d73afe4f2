"""What people and systems read when an act is refused or a file is not as it was stored (M.26)."""

import json

import pytest
from django.test import RequestFactory

from zezhou_portal.kernel.files import FileAltered, FileMissing
from zezhou_portal.problems import FILE_GONE, ProblemMiddleware
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken

BROKEN = RuleBroken("M.7", "还没有写理由。")
DENIED = NotPermitted("review_matters", "这一件属于其他单位。")


def answer(path: str, error: Exception):
    """The answer to a request at a path that ended with an error; None where it is not ours."""
    request = RequestFactory().get(path)
    request.resolver_match = None
    return ProblemMiddleware(lambda _request: None).process_exception(request, error)


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (BROKEN, 409, {"reason": "还没有写理由。", "article": "M.7"}),
        (DENIED, 403, {"reason": "这一件属于其他单位。"}),
        (FileMissing("ab"), 409, {"reason": FILE_GONE}),
        (FileAltered("ab"), 409, {"reason": FILE_GONE}),
    ],
)
def test_api_when_refused_then_reason_and_article_as_json(error, status, body) -> None:
    told = answer("/api/v1/receipts/", error)
    assert (told.status_code, json.loads(told.content)) == (status, body)
    assert body["reason"] in told.content.decode()  # readable as it stands, not escaped


def test_anything_else_when_raised_then_left_to_fail() -> None:
    assert answer("/matters/", ZeroDivisionError()) is None
