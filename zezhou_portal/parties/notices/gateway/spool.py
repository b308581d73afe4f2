"""A gateway that sends nothing: texts lie in a folder, for machines without a gateway.

For the sample county, and for a county that has no gateway yet: the inbox tells people all the
same. Numbers are masked in the spool, so nothing personal lies in it.
"""

import json
from pathlib import Path

from zezhou_portal.kernel import clock
from zezhou_portal.parties.masking import mask_phone
from zezhou_portal.parties.notices.gateway.port import Again


class Spool:
    """One line of JSON a text, in `texts.jsonl` of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, *, key: str, phone: str, words: str) -> None:
        """Write the text down. Raises Again where the folder cannot be written."""
        line = {
            "at": clock.now().isoformat(),
            "key": key,
            "phone": mask_phone(phone),
            "words": words,
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / "texts.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise Again(f"写不了短信留存（{type(error).__name__}）") from error
