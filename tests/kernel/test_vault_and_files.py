"""Secrets at rest and files by digest: read back, or refused."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from tests.factories.parties import HolderFactory
from zezhou_portal.kernel import files, vault
from zezhou_portal.kernel.names import bigrams, normalise_name
from zezhou_portal.parties.models import Holder


def test_what_is_encrypted_twice_differs_and_reads_the_same() -> None:
    one, two = vault.encrypt("140525199001011235"), vault.encrypt("140525199001011235")
    assert one != two
    assert vault.decrypt(one) == vault.decrypt(two) == "140525199001011235"


def test_an_altered_value_is_unreadable() -> None:
    stored = vault.encrypt("甲")
    flipped = stored[:-4] + ("A" if stored[-4] != "A" else "B") + stored[-3:]
    for wrong in (flipped, "d9:AAAA", "nothing"):
        with pytest.raises(vault.Unreadable):
            vault.decrypt(wrong)


def test_missing_keys_stop_everything(settings, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path
    with pytest.raises(vault.KeysMissing):
        vault.encrypt("甲")


def test_an_older_key_still_reads_after_a_new_one_was_added(settings, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path / "keys"
    vault.make_keys(tmp_path / "keys" / "data")
    old = vault.encrypt("甲")
    (tmp_path / "keys" / "data" / "d2.key").write_text("ab" * 32, encoding="ascii")
    vault._keys.cache_clear()
    new = vault.encrypt("甲")
    assert (old.split(":")[0], new.split(":")[0]) == ("d1", "d2")
    assert vault.decrypt(old) == vault.decrypt(new) == "甲"
    vault._keys.cache_clear()


def test_the_tenth_key_writes_after_the_ninth(settings, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path / "keys"
    vault.make_keys(tmp_path / "keys" / "data")
    for name in ("d9", "d10"):
        (tmp_path / "keys" / "data" / f"{name}.key").write_text("cd" * 32, encoding="ascii")
    assert vault.encrypt("甲").split(":")[0] == "d10"


@pytest.mark.article("M.26")
def test_the_database_never_sees_an_identity_number(db: None) -> None:
    holder = HolderFactory(identity_type="111", identity_number="140525199001011235")
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_number FROM parties_holder WHERE id = %s", [holder.pk])
        (stored,) = cursor.fetchone()
    assert "140525199001011235" not in stored
    assert Holder.objects.get(pk=holder.pk).identity_number == "140525199001011235"


def test_a_file_is_kept_once_under_its_digest(settings, tmp_path: Path) -> None:
    settings.PORTAL_FILES = tmp_path
    name = files.store(b"one")
    assert files.store(b"one") == name
    assert files.read(name) == b"one"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]


def test_an_altered_or_missing_file_is_told_apart(settings, tmp_path: Path) -> None:
    settings.PORTAL_FILES = tmp_path
    name = files.store(b"one")
    files.path_of(name).write_bytes(b"two")
    with pytest.raises(files.FileAltered):
        files.read(name)
    files.erase(name)
    with pytest.raises(files.FileMissing):
        files.read(name)


@pytest.fixture
def old_file(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stored file that nobody has touched for a while, once found sound."""
    settings.PORTAL_FILES = tmp_path
    monkeypatch.setattr(files, "_SETTLED_AFTER", 0.1)
    path = files.path_of(files.store(b"one"))
    while time.time() - path.stat().st_ctime <= files._SETTLED_AFTER:
        time.sleep(0.02)
    files.assure(path.name)
    return path


def _rewritten_in_place(path: Path) -> None:
    """Another byte, and the time of the last write put back as it was."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"t")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"two")
    before = path.stat()
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("alter", [_rewritten_in_place, _replaced])
def test_a_file_that_was_sound_is_digested_again_after_any_touch(
    old_file: Path, alter: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files, "read", lambda name: pytest.fail(f"{name} was digested again"))
        files.assure(old_file.name)
    alter(old_file)
    for _ in range(2):
        with pytest.raises(files.FileAltered):
            files.assure(old_file.name)


def test_a_file_that_was_sound_is_digested_again_within_the_hour(
    old_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_SOUND_FOR", 0.0)
    monkeypatch.setattr(files, "digest", lambda _: "rotten")
    with pytest.raises(files.FileAltered):
        files.assure(old_file.name)


def test_a_file_that_was_sound_and_is_gone_is_missing(old_file: Path) -> None:
    old_file.unlink()
    with pytest.raises(files.FileMissing):
        files.assure(old_file.name)


def test_a_file_just_touched_is_digested_every_time(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PORTAL_FILES = tmp_path
    name = files.store(b"one")
    files.assure(name)
    monkeypatch.setattr(files, "digest", lambda _: "rotten")
    with pytest.raises(files.FileAltered):
        files.assure(name)


def test_names_are_compared_without_width_space_and_dots_of_other_kinds() -> None:
    assert normalise_name(" 阿卜杜拉•买买提 ") == normalise_name("阿卜杜拉·买买提")
    assert normalise_name("ＡＢc") == "ABC"
    assert bigrams("张三丰") == ["三丰", "张三"]
    assert bigrams("张") == ["张"]
    assert bigrams("") == []
