/* data-zz-pick on a file control: says which files were chosen, and takes files dropped on its box. */

export function start(input) {
  const box = input.closest(".zz-drop");
  const words = box?.querySelector(".zz-picked");
  const tell = () => {
    if (words) words.textContent = [...input.files].map((file) => `${file.name}（${size(file.size)}）`).join("、");
  };
  input.addEventListener("change", tell);
  box?.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("zz-over-me"); });
  box?.addEventListener("dragleave", () => box.classList.remove("zz-over-me"));
  box?.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("zz-over-me");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
