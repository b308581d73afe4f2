"""Files that no row names are erased after a day; what anything names, and what is young, stays."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.cast import Cast
from tests.factories.seals import seal_of
from tests.parties.mandates.test_window_mandates import window
from zezhou_portal.kernel import clock, files


@pytest.mark.article("M.26")
@pytest.mark.django_db
def test_only_old_files_that_nothing_names_are_erased(settings, tmp_path: Path) -> None:
    settings.PORTAL_FILES = tmp_path
    cast = Cast()
    seal, mandate = seal_of(cast.market), window(cast)
    old, young = files.store(b"nobody's"), files.store(b"still under way")
    two_days_ago = clock.now().timestamp() - 2 * 86_400
    for digest in (old, seal.impression_digest, mandate.consent_digest):
        os.utime(files.path_of(digest), (two_days_ago, two_days_ago))
    told = io.StringIO()
    call_command("erase_unnamed_files", stdout=told)
    assert told.getvalue().strip() == "没有登记的文件 1 个，可清除（加 --commit 执行）"
    assert files.path_of(old).exists()
    call_command("erase_unnamed_files", commit=True, stdout=io.StringIO())
    assert not files.path_of(old).exists()
    assert files.read(young) == b"still under way"
    assert files.read(seal.impression_digest)
    assert files.read(mandate.consent_digest)
