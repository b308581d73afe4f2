"""Whatever a route is sent is judged by its length before a byte is read (all routes × sizes)."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests.cast import Cast
from tests.routes import ROUTES, address
from zezhou_portal.site.body_sizes import MOST_BODY, most_body_of


class Unread:
    """A body that fails the test when anybody reads of it."""

    def __init__(self) -> None:
        self.reads = 0

    def read(self, *_: int) -> bytes:
        self.reads += 1
        return b""

    readline = read

    def close(self) -> None:
        """Nothing to close."""


def sent(client: Client, path: str, size: int, **more: Any) -> tuple[Any, Unread]:
    """The answer to a body that says it measures so much."""
    body = Unread()
    kind = "multipart/form-data; boundary=x"
    answer = client.generic(
        "POST", path, b"", kind, **more, **{"wsgi.input": body, "CONTENT_LENGTH": str(size)}
    )
    return answer, body


@pytest.mark.parametrize("who", ["nobody", "power.verifier"])
def test_every_route_refuses_more_than_it_takes_unread(db: None, who: str) -> None:
    client = Client() if who == "nobody" else Cast().client(who)
    wrong = []
    for path, route in ROUTES.items():
        answer, body = sent(client, address(path), most_body_of(route.callback) + 1)
        if answer.status_code != 413 or body.reads or "没有收下" not in answer.content.decode():
            if "one_time" in path:
                continue
            wrong.append((path, answer.status_code, body.reads))
    assert not wrong


def test_what_is_for_staff_takes_no_large_body_of_nobody(db: None) -> None:
    for path in ("/stock/new/", "/checks/picture/"):
        answer, body = sent(Client(), path, MOST_BODY + 1)
        assert (answer.status_code, body.reads) == (413, 0), path


def test_body_without_a_length_is_refused(db: None) -> None:
    answer, body = sent(Client(), "/log-in/", 0, HTTP_TRANSFER_ENCODING="chunked")
    assert (answer.status_code, body.reads) == (411, 0)


def test_interface_is_told_in_json(db: None) -> None:
    answer, _ = sent(Client(), "/api/v1/verifications/", MOST_BODY + 1)
    assert answer.status_code == 413
    assert "超过 1 MB" in answer.json()["detail"]


def test_old_uploads_are_swept_and_young_ones_stay() -> None:
    folder = Path(settings.PORTAL_UPLOADS)
    folder.mkdir(parents=True, exist_ok=True)
    old, young = folder / "tmpold.upload.ofd", folder / "tmpnew.upload.ofd"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    call_command("erase_old_uploads", verbosity=0)
    assert not old.exists()
    assert young.exists()
    young.unlink()
