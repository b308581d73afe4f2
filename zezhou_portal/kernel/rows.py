"""One bad row never stops its batch: together where that works, else each row by itself.

A batch is one transaction because that is fast. Where it fails for a reason that lies in a row,
every row is tried alone: the sound ones go on, the bad one keeps its own reason and waits longer
from try to try. What is nobody's fault, such as a database that went away, ends the batch: the
next ring finds all of it as it was.
"""

import errno
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from zezhou_portal.kernel import files, vault

Row = TypeVar("Row")

# After so many tries a person is asked; the row is tried once a day from then on.
CEILING = 8
_WAITS = (
    timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30),
    timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1),
)  # fmt: skip
# A row that was taken up so often without a word on why: whoever took it up died of it.
_SUSPECT = 3

DIED = "办这一件时程序几次中断，没有留下原因。请找系统管理员。"
NOT_THE_ROWS = (OperationalError, InterfaceError, SoftTimeLimitExceeded)


@dataclass(frozen=True)
class Failed(Generic[Row]):
    """A row that could not be done, and why."""

    row: Row
    error: Exception


def together(rows: Sequence[Row], do: Callable[[Sequence[Row]], object]) -> list[Failed[Row]]:
    """Does all rows at once; where that fails, each by itself. Gives those that could not be done.

    `do` is one transaction, so that what it began for a batch that failed is undone.
    """
    if not rows:
        return []
    try:
        do(rows)
    except NOT_THE_ROWS:
        raise
    except Exception as error:
        if len(rows) == 1:
            return [Failed(rows[0], error)]
        return one_by_one(rows, lambda row: do([row]))
    return []


def one_by_one(rows: Iterable[Row], do: Callable[[Row], object]) -> list[Failed[Row]]:
    """Does each row by itself; gives those that could not be done."""
    failed = []
    for row in rows:
        try:
            do(row)
        except NOT_THE_ROWS:
            raise
        except Exception as error:
            failed.append(Failed(row, error))
    return failed


def wait_after(tries: int) -> timedelta:
    """How long a row waits after its `tries`-th failure (1 is the first)."""
    return _WAITS[min(max(tries, 1), len(_WAITS)) - 1]


def is_suspect(tries: int, last_error: str) -> bool:
    """Whether workers seem to die of a claimed row: taken up often, and never a word on why."""
    return tries >= _SUSPECT and last_error in {"", DIED}


def is_technical(error: Exception) -> bool:
    """Whether only the system administrator can do something about it."""
    return not getattr(error, "sentence", "") and not getattr(error, "reason", "")


def reason_of(error: Exception) -> str:
    """Why a row could not be done, in Chinese, for the desk; never a value."""
    told = getattr(error, "sentence", "") or getattr(error, "reason", "")
    if isinstance(told, str) and told:
        return told
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "服务器磁盘满了，写不下。腾出空间后会自动接着办。"
    if isinstance(error, vault.Unreadable | vault.KeysMissing):
        return "存着的数据打不开：密钥不对，或者数据坏了。请找系统管理员。"
    if isinstance(error, files.FileMissing):
        return "要用的文件找不到。请找系统管理员。"
    if isinstance(error, files.FileAltered):
        return "要用的文件与登记的摘要不符。请找系统管理员。"
    return f"数据读不出来，或者程序没有想到这种情况（{type(error).__name__}）。请找系统管理员。"
