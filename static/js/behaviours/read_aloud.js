/* data-zz-read-aloud on a hidden button: reads the main text sentence by sentence in the browser's
   voice; the same button stops it. Shown only where the browser can speak. */

export function start(button) {
  if (!("speechSynthesis" in window)) return;
  button.hidden = false;
  const label = button.querySelector("[data-zz-words]") ?? button;
  const before = label.textContent;
  const rest = () => { label.textContent = before; button.setAttribute("aria-pressed", "false"); };
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); rest(); return; }
    const sentences = words(document.getElementById("main")).split(/(?<=[。！？；\n])/u).filter((text) => text.trim());
    sentences.forEach((text, index) => {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = "zh-CN";
      utterance.rate = 0.9;
      if (index === sentences.length - 1) utterance.addEventListener("end", rest);
      speechSynthesis.speak(utterance);
    });
    label.textContent = "停止朗读";
    button.setAttribute("aria-pressed", "true");
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}

/* The text as it is said: a short number digit by digit, not as thousands. */
function words(main) {
  return [...main.querySelectorAll("[data-zz-spoken]")].reduce(
    (text, one) => text.replace(one.innerText, one.dataset.zzSpoken), main.innerText,
  );
}
