"""The QR code of a face: model 2, level M, the verification address and nothing else."""

import re
from typing import Any

import zxingcpp

_DARK = re.compile(rb"\x00+")


def qr_rows(address: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Dark stretches (start, length) of each row of the symbol, without its quiet zone.

    address: the verification address; no personal data, no licence content (faces.md 7).
    Raises ValueError when it is empty.
    """
    if not address:
        raise ValueError("a code needs an address")
    symbol = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = symbol.to_image(scale=1, add_quiet_zones=False)
    side: int = image.shape[0]
    pixels = bytes(memoryview(image))
    return tuple(_stretches(pixels[row * side : (row + 1) * side]) for row in range(side))


def _stretches(row: bytes) -> tuple[tuple[int, int], ...]:
    return tuple((dark.start(), dark.end() - dark.start()) for dark in _DARK.finditer(row))
