"""Which layout draws which kind, and whether a layout may be published (M.6)."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from licences.production.face.inputs import FACE_KEYS, FaceItem
from licences.production.face.outlines import BORDERS
from licences.production.face.plan import Layout, canonical

_FOLDER = Path(__file__).parent
_GENERIC = "generic"
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# Wine is the colour of civil status and property, gold of legal standing (faces.md 10); a kind
# without a layout of its own is told by its defining ministry's or our own type code.
_COLOURWAYS = {
    "11100000MB03271699001": "wine",  # 不动产权证书
    "1114052529141777X1014": "wine",  # 出生医学证明
    "1114052529141777X1015": "wine",  # 退役军人优待证
    "1114052529141777X1012": "gold",  # 民办非企业单位登记证书
}
_INKS = {
    "wine": {
        "ink": "#1d1718",
        "label": "#6d1d2a",
        "title": "#6d1d2a",
        "faint": "#7a5b5b",
        "rule": "#c99a9c",
    },
    "gold": {
        "ink": "#1c1a17",
        "label": "#5d4618",
        "title": "#1c1a17",
        "faint": "#6f6450",
        "rule": "#a98442",
    },
}


class LayoutUnfit(ValueError):
    """A layout may not be published; problems lists why, one Chinese sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = tuple(problems)


@cache
def _layouts() -> dict[str, Layout]:
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((_FOLDER / "layouts").glob("*.json"))
    }


@cache
def layout_for(type_code: str) -> Layout:
    """The layout of a kind: its own, else the generic one in the kind's colourway.

    The same object each time; treat it as read-only.
    """
    layouts = _layouts()
    for layout in layouts.values():
        if type_code in layout["kinds"]:
            return layout
    colour = _COLOURWAYS.get(type_code)
    return _coloured(layouts[_GENERIC], colour) if colour else layouts[_GENERIC]


def _coloured(layout: Layout, colour: str) -> Layout:
    copied: Layout = json.loads(json.dumps(layout))
    copied["face"] = f"{layout['face']}-{colour}"
    copied["inks"] = _INKS[colour]
    for box in copied["boxes"]:
        if "file" in box:
            box["file"] = box["file"].replace("-jade", f"-{colour}")
    return copied


def digest(layout: Layout) -> str:
    """SHA-256 of the layout's canonical JSON, in hex: what the catalogue entry keeps."""
    return hashlib.sha256(canonical(layout).encode()).hexdigest()


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_FOLDER / "face.schema.json").read_text("utf-8"))
    return schema


def validate(layout: Layout, items: Sequence[FaceItem]) -> None:
    """Check a layout for a kind's data items before publishing (M.6).

    Raises LayoutUnfit: not valid by the schema, a key that neither the kind nor the face has,
    an unknown style, ink or border, a required item missing or drawn twice, no seal place.
    """
    validator = jsonschema.Draft202012Validator(_schema())
    faults = [
        f"照面模板不合格式：{'/'.join(map(str, error.absolute_path)) or '整体'}：{error.message}"
        for error in validator.iter_errors(layout)
    ]
    if faults:
        raise LayoutUnfit(faults)
    problems = [*_reference_problems(layout), *_item_problems(layout, items)]
    if not any(box["kind"] == "seal" for box in layout["boxes"]):
        problems.append("照面模板没有印章位置。")
    if problems:
        raise LayoutUnfit(problems)


def _reference_problems(layout: Layout) -> list[str]:
    problems = []
    for box in layout["boxes"]:
        for name in ("style", "label_style", "value_style"):
            if name in box and box[name] not in layout["styles"]:
                problems.append(f"照面模板用了没有定义的样式“{box[name]}”。")
        if "file" in box and not (BORDERS / f"{box['file']}.svg").is_file():
            problems.append(f"照面模板用了没有的花边“{box['file']}”。")
    for style in layout["styles"].values():
        if style["ink"] not in layout["inks"] and not style["ink"].startswith("#"):
            problems.append(f"照面模板用了没有定义的颜色“{style['ink']}”。")
    return problems


def _pictures_in(box: Mapping[str, Any]) -> int:
    """How many pictures an `images` box has room for."""
    return int((box["at"][3] + box["gap"]) / (box["each"] + box["gap"]) + 1e-6)


def _item_problems(layout: Layout, items: Sequence[FaceItem]) -> list[str]:
    known = {item.key for item in items}
    drawn: Counter[str] = Counter()
    used: set[str] = set()
    for box in layout["boxes"]:
        used |= {box[name] for name in ("of", "when") if name in box}
        used |= set(_PLACE.findall(box.get("words", ""))) if box["kind"] == "value" else set()
        if "of" in box:
            drawn[box["of"]] += 1
        if box["kind"] == "seal":
            used |= set(box["over"])
        if box["kind"] == "images":
            pictures = [item.key for item in items if item.kind == "image"]
            drawn.update(pictures[: _pictures_in(box)])
        if box["kind"] != "fields":
            continue
        if box["rows"] == "items":
            omitted = set(box.get("omit", ()))
            drawn.update(
                item.key for item in items if item.kind != "image" and item.key not in omitted
            )
        for row in [*(box["rows"] if box["rows"] != "items" else []), *box.get("then", [])]:
            used |= {row[name] for name in ("of", "when", "label_of") if name in row}
            drawn[row["of"]] += 1
    strange = sorted(used - known - set(FACE_KEYS))
    problems = [f"照面模板中的“{key}”不是这种证照的数据项。" for key in strange]
    for item in items:
        if item.required and not drawn[item.key]:
            problems.append(f"照面模板没有必填的数据项“{item.name}”。")
        elif drawn[item.key] > 1:
            problems.append(f"照面模板把数据项“{item.name}”印了{drawn[item.key]}次。")
    return problems
