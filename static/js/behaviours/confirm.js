/* data-zz-confirm="panel" on a form: the first press shows the panel with that id, which lies
   hidden in the same form and holds the button that sends it. Without scripts the server answers
   with the same panel as a page of its own. */

export function start(form) {
  const panel = document.getElementById(form.dataset.zzConfirm);
  if (!panel) return;
  form.addEventListener("submit", (event) => {
    if (event.submitter && panel.contains(event.submitter)) return;
    event.preventDefault();
    panel.hidden = false;
    panel.tabIndex = -1;
    panel.focus();
    panel.scrollIntoView({ block: "nearest" });
  });
  panel.querySelector("[data-zz-back]")?.addEventListener("click", (event) => {
    event.preventDefault();
    panel.hidden = true;
  });
}
