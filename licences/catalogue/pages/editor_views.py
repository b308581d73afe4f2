"""The editor of a catalogue entry: every button is a submit button, nothing is lost (M.6)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from licences.catalogue import desk_selectors
from licences.catalogue import services as catalogue
from licences.catalogue.pages.entry_views import EntryView
from licences.catalogue.pages.forms import (
    EntryForm,
    ItemRows,
    initial_like,
    initial_of,
    raw_items,
)
from licences.catalogue.pages.guide_forms import MaterialRows
from licences.catalogue.selectors import kinds_by_code
from licences.data_items import items_of
from licences.lifecycle import ENTRY
from licences.materials import materials_of, raw_materials
from licences.models import CatalogueEntry
from zezhou_portal.pagekit.views import show_refusal
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken
from zezhou_portal.regulation.identifiers import normalise_code


class EditorView(EntryView):
    """The editor: basic elements, rows of items and materials; every button is a submit button."""

    action = Action.ENTRY_COMPILED
    template_name = "licences/entry_edit.html"

    def show(
        self,
        form: EntryForm,
        rows: ItemRows,
        materials: MaterialRows,
        *,
        entry: CatalogueEntry | None = None,
        is_judged: bool = False,
    ) -> HttpResponse:
        """The page; what is wrong is said where it was judged."""
        item_forms = rows.forms(judged=is_judged)
        material_forms = materials.forms(judged=is_judged)
        every = (form, *item_forms, *material_forms)
        back = reverse("licences:entry", args=[entry.uuid]) if entry else ""
        return self.render(
            {
                "form": form,
                "rows": item_forms,
                "moved": rows.moved,
                "materials": material_forms,
                "moved_material": materials.moved,
                "entry": entry,
                "like": self.pattern() if entry is None else None,
                "department_id": self.actor.department_id,
                "standing": self.standing(form),
                "is_wrong": is_judged and any(one.errors for one in every),
                "back": back or reverse("licences:entries"),
            },
            status=422 if is_judged else 200,
        )

    def pattern(self) -> CatalogueEntry | None:
        """The entry of another department that a new one is made after."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        return desk_selectors.issued_elsewhere(given.get("like", ""))

    def standing(self, form: EntryForm) -> list[CatalogueEntry]:
        """What stands under the code that was typed and refused."""
        if "type_code" not in form.errors:
            return []
        return desk_selectors.standing(
            self.actor, normalise_code(str(form.data.get("type_code", "")))
        )

    def answer(self, request: HttpRequest, entry: CatalogueEntry | None) -> HttpResponse:
        """Moves rows about, or saves."""
        rows = ItemRows.posted(request.POST)
        materials = MaterialRows.posted(request.POST).offering(kinds_by_code())
        verb = request.POST.get("do", "save")
        if rows.rearrange(verb) or materials.rearrange(verb):
            form = EntryForm(rows.items(), initial=_kept(request), is_new=entry is None)
            return self.show(form, rows, materials, entry=entry)
        form = EntryForm(rows.items(), request.POST, is_new=entry is None)
        if entry is None:
            self._say_what_stands(form)
        judged = (form, *rows.forms(judged=True), *materials.forms(judged=True))
        if not any(one.errors for one in judged):
            written = {
                **form.written(),
                "items": raw_items(rows.items()),
                "materials": raw_materials(materials.materials()),
            }
            try:
                return self.save(form, written, entry)
            except RuleBroken as refusal:
                show_refusal(form, refusal)
        return self.show(form, rows, materials, entry=entry, is_judged=True)

    def _say_what_stands(self, form: EntryForm) -> None:
        """A code that stands already is told at once, whatever else is wrong."""
        form.is_valid()
        code = form.cleaned_data.get("type_code", "")
        if not code:
            return
        try:
            catalogue.check_standing(
                code,
                desk_selectors.acting_department(self.actor),
                form.cleaned_data.get("name", ""),
                joins=self._joins(code),
            )
        except RuleBroken as refusal:
            show_refusal(form, refusal)

    def _joins(self, code: str) -> bool:
        like = self.pattern()
        return like is not None and like.type_code == code

    def save(
        self, form: EntryForm, written: dict[str, Any], entry: CatalogueEntry | None
    ) -> HttpResponse:
        """Calls the verb; raises RuleBroken."""
        if entry is None:
            code = form.cleaned_data["type_code"]
            entry = catalogue.compile_entry(
                actor=self.actor,
                department=desk_selectors.acting_department(self.actor),
                type_code=code,
                written=written,
                joins=self._joins(code),
            )
        else:
            catalogue.amend_entry(actor=self.actor, entry=entry, written=written)
        messages.success(self.request, "已存下\n看过样例和改动以后再报送。")
        return redirect("licences:entry", key=entry.uuid)


class NewEntry(EditorView):
    """A kind that the department does not have yet; `like` names another's to begin from."""

    def get(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002
        if (like := self.pattern()) is not None:
            items = items_of(like.items)
            found = MaterialRows.of_materials(materials_of(like.materials))
            return self.show(
                EntryForm(items, is_new=True, initial=initial_like(like)),
                ItemRows.of_items(items),
                found.offering(kinds_by_code()),
            )
        rows = ItemRows.posted({"items": "1", "items-0-key": "holder_name"})
        rows.rows[0] |= {"name": "持证主体名称", "kind": "text", "required": "on"}
        form = EntryForm(rows.items(), is_new=True, initial={"seal_kind": "official_name"})
        return self.show(form, rows, MaterialRows([]).offering(kinds_by_code()))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request, None)


class EditEntry(EditorView):
    """A draft."""

    action = Action.ENTRY_AMENDED

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        entry = self.entry(key)
        if entry.state != "DRAFT":
            messages.error(request, f"{entry.name}{ENTRY.labels[entry.state]}，不能再改。")
            return redirect("licences:entry", key=key)
        items = items_of(entry.items)
        form = EntryForm(items, initial=initial_of(entry), is_new=False)
        materials = MaterialRows.of_materials(materials_of(entry.materials))
        return self.show(
            form, ItemRows.of_items(items), materials.offering(kinds_by_code()), entry=entry
        )

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        return self.answer(request, self.entry(key))


def _kept(request: HttpRequest) -> dict[str, Any]:
    """The basic elements as they were typed, shown again without being judged."""
    names = EntryForm.base_fields
    kept: dict[str, Any] = {name: request.POST.get(name, "") for name in names}
    for name in ("several_holders", "may_be_long_term"):
        kept[name] = name in request.POST
    return kept
