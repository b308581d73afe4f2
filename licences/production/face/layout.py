"""A layout and one licence's data to a placed face; pure, and the same on every machine."""

from collections.abc import Sequence
from typing import Any

from licences.production.face.annex import annex_number, annex_pages, annex_title
from licences.production.face.blocks import Row, place_fields
from licences.production.face.boxes import set_box, set_picture
from licences.production.face.code import qr_rows
from licences.production.face.inputs import FaceInput, Faults, cannot_draw
from licences.production.face.marks import place_mark
from licences.production.face.plan import Layout, Plan, plan_of
from licences.production.face.primitives import (
    Code,
    Face,
    MarkPlace,
    Outline,
    Page,
    Picture,
    Rule,
    Run,
)
from licences.production.face.words import EMPTY, Words
from zezhou_portal.regulation.errors import FaultKind

_SEAL_INK = "#b0122a"
_QR_PLACE, _SEAL_PLACE, _PHOTO_PLACE = "二维码位置", "印章位置", "照片位置"


def place(layout: Layout, face_input: FaceInput) -> Face:
    """Place one licence on its layout (faces.md 2-9).

    Raises CannotDraw with all that is wrong, a sentence for the person each: values that do not
    fit, characters without a glyph, an effective face without issuer, date, identifier, check
    code or address.
    """
    plan = plan_of(layout)
    words = Words(face_input)
    faults = Faults()
    mark = None
    with faults:
        words.check_complete()
    with faults:
        mark = place_mark(plan, face_input.mark)
    front = _Sheet(plan, words, face_input, mark, faults)
    annexed: list[Row] = []
    for box in plan.layout["boxes"]:
        with faults:
            annexed += front.draw(box)
    pages = [front.page()]
    if annexed:
        with faults:
            pages += _annex(plan, words, face_input, annexed, mark, faults)
    faults.demand_none()
    return Face(
        edition_key=plan.key,
        width=plan.width,
        height=plan.height,
        margin=plan.margin,
        identifier=words.text("identifier"),
        title=face_input.kind_name,
        pages=tuple(pages),
        fixed_characters=plan.fixed_characters,
        inks=tuple(plan.inks.items()),
    )


def preflight(layout: Layout, face_input: FaceInput) -> None:
    """Check before sign-off that the licence can be drawn. Raises CannotDraw as place does."""
    place(layout, face_input)


def _annex(
    plan: Plan,
    words: Words,
    face_input: FaceInput,
    rows: list[Row],
    mark: MarkPlace | None,
    faults: Faults,
) -> list[Page]:
    texts = annex_pages(plan, rows, justify=not face_input.is_preview)
    pages = []
    for number, runs in enumerate(texts):
        sheet = _Sheet(plan, words, face_input, mark, faults)
        sheet.runs += annex_title(plan, face_input.kind_name, number, len(texts))
        sheet.runs += annex_number(plan, words.text("number"))
        sheet.runs += runs
        for box in plan.layout["boxes"]:
            if _on_annex(box):
                sheet.draw(box)
        pages.append(sheet.page())
    return pages


def _on_annex(box: dict[str, Any]) -> bool:
    """What the annex repeats of the front: what the seal lies over, and the foot."""
    if box["kind"] == "seal":
        return True
    if box["kind"] == "rule":
        return bool(box["at"][3] == 0)
    if box["kind"] != "value":
        return False
    of = box.get("of", "")
    words = box.get("words", "")
    foot = "{identifier}" in words or "{check_code}" in words or of == "copy_note"
    return foot or box["style"] == "sign"


class _Sheet:
    """One page while its boxes are drawn."""

    def __init__(
        self,
        plan: Plan,
        words: Words,
        face_input: FaceInput,
        mark: MarkPlace | None,
        faults: Faults,
    ) -> None:
        self._plan, self._words, self._input, self._mark = plan, words, face_input, mark
        self._faults = faults
        self._justify = not face_input.is_preview
        self.runs: list[Run] = []
        self._rules: list[Rule] = []
        self._pictures: list[Picture] = []
        self._outlines: list[Outline] = []
        self._code: Code | None = None
        self._sealed = False

    def draw(self, box: dict[str, Any]) -> list[Row]:
        """Draw one box; gives the rows whose whole text belongs on the annex."""
        kind = box["kind"]
        if kind == "text":
            self._text(box)
        elif kind == "value":
            self._value(box)
        elif kind == "fields":
            block = place_fields(self._plan, box, self._words, self._input, self._faults)
            self.runs += block.runs
            self._rules += block.rules
            return block.annexed
        elif kind == "rule":
            x, y, dx, dy = box["at"]
            ink = self._ink(box.get("ink", "rule"))
            self._rules.append(Rule(x, y, x + dx, y + dy, box.get("width", 0.12), ink))
        elif kind == "image":
            self._image(box["of"], box["at"])
        elif kind == "images":
            self._images(box)
        elif kind == "qr":
            self._qr(box)
        elif kind == "seal":
            self._seal()
        return []

    def page(self) -> Page:
        """The page as drawn so far."""
        return Page(
            ground=self._plan.ground,
            rules=tuple(self._rules),
            pictures=tuple(self._pictures),
            runs=tuple(self.runs),
            code=self._code,
            outlines=tuple(self._outlines),
            mark=self._mark,
            seal=self._plan.seal if self._sealed else None,
        )

    def _ink(self, name: str) -> str:
        return self._plan.inks.get(name, name)

    def _text(self, box: dict[str, Any]) -> None:
        known = self._plan.fixed_runs.get(id(box))
        if known is None:
            style = self._plan.styles[box["style"]]
            known = set_box(
                box, box["words"], style, of="", name=box["words"], ink=style.ink, justify=True
            )
            self._plan.fixed_runs[id(box)] = known
        self.runs += known

    def _value(self, box: dict[str, Any]) -> None:
        words = self._words
        if "when" in box and not words.text(box["when"]):
            return
        if "words" in box:
            text, key = words.fill(box["words"])
        else:
            key = box["of"]
            text = words.text(key, form=box.get("form", "")) or box.get("empty", EMPTY)
        style = self._plan.styles[box["style"]]
        ink = self._ink(box["ink"]) if "ink" in box else style.ink
        name = words.name(key)
        self.runs += set_box(box, text, style, of=key, name=name, ink=ink, justify=self._justify)

    def _image(self, key: str, at: Sequence[float]) -> None:
        name = self._words.name(key)
        x, y, width, height = at
        photo = self._input.photos.get(key)
        if photo is not None:
            place_at = (x, y, width, height)
            picture = set_picture(key, place_at, photo, name, self._ink("rule"))
            self._pictures.append(picture)
        elif self._input.is_preview:
            self._outlines.append(Outline("box", (x, y, width, height), self._ink("rule")))
            self._hint({"at": list(at), "align": "center"}, _PHOTO_PLACE, self._ink("faint"))
        elif self._words.is_required(key):
            sentence = f"缺少“{name}”，请上传后再提交。"
            raise cannot_draw(key, FaultKind.MISSING, sentence)

    def _images(self, box: dict[str, Any]) -> None:
        """The kind's pictures below each other, with their names where there are several."""
        x, y, width, height = box["at"]
        images = self._words.images()
        for item in images:
            if y + box["each"] > box["at"][1] + height:
                sentence = f"照面上放不下“{item.name}”，请减少照片。"
                raise cannot_draw(item.key, FaultKind.CONTRADICTS, sentence)
            with self._faults:
                self._image(item.key, (x, y, width, box["each"]))
            y += box["each"]
            if len(images) > 1:
                below = {"at": [x, y + 0.6, width, 3.0], "align": "center"}
                with self._faults:
                    self._hint(below, item.name, self._ink("faint"))
            y += box["gap"]

    def _qr(self, box: dict[str, Any]) -> None:
        x, y, width, height = box["at"]
        if self._input.is_preview:
            self._outlines.append(Outline("box", (x, y, width, height), self._ink("rule")))
            middle = {"at": [x, y, width, height], "align": "center"}
            self._hint(middle, _QR_PLACE, self._ink("faint"))
            return
        address = self._words.text(box["of"])
        if not address:
            return  # told already by what an effective face must have
        rows = qr_rows(address)
        self._code = Code((x, y, width, height), rows, self._ink("ink"))

    def _seal(self) -> None:
        seal = self._plan.seal
        if seal is None:
            return
        if self._input.is_preview:
            x, y, width, height = seal.boundary
            self._outlines.append(Outline("disc", (x, y, width, height), _SEAL_INK))
            upper = {"at": [x, y + height * 0.12, width, 3.0], "align": "center"}
            self._hint(upper, _SEAL_PLACE, _SEAL_INK)
            return
        self._sealed = True

    def _hint(self, box: dict[str, Any], words: str, ink: str) -> None:
        style = self._plan.styles.get("hint") or self._plan.styles["label"]
        self.runs += set_box(box, words, style, of="", name=words, ink=ink, justify=False)
