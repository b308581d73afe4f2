"""Where a sheet's bytes come from: a path, or the bytes themselves."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

Source = Path | bytes


@contextmanager
def opened(source: Source) -> Iterator[IO[bytes]]:
    """The source as a binary stream, closed afterwards."""
    stream: IO[bytes] = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with stream:
        yield stream


def size_of(source: Source) -> int:
    """The source's size in bytes, without reading it."""
    return len(source) if isinstance(source, bytes) else source.stat().st_size
