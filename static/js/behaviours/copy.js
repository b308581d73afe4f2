/* data-zz-copy="text" on a hidden button: shown where the browser can copy; says that it has. */

export function start(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  const before = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.zzCopy);
    button.textContent = "已复制";
    setTimeout(() => { button.textContent = before; }, 2000);
  });
}
