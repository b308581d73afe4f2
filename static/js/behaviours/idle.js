/* data-zz-idle="seconds" on the notice of the automatic sign-out: two minutes before the end it
   comes forward, says so, and offers 我还在. Any other page of the portal that is opened counts
   too: windows of one browser tell each other. */

const AHEAD = 120;
const KEY = "zz-last-page";

export function start(notice) {
  const lasts = Number(notice.dataset.zzIdle) * 1000;
  const words = notice.querySelector("[data-zz-words]");
  const form = notice.querySelector("form");
  const before = words.textContent;
  let since = Date.now();
  let said = false;

  const mark = () => {
    since = Date.now();
    try { localStorage.setItem(KEY, String(since)); } catch { /* no storage, no neighbours */ }
  };
  const rest = () => {
    notice.classList.remove("zz-idle-near");
    words.textContent = before;
    form.hidden = true;
    said = false;
  };
  const look = () => {
    try { since = Math.max(since, Number(localStorage.getItem(KEY)) || 0); } catch { /* as above */ }
    const left = since + lasts - Date.now();
    if (left <= 0) { location.replace("/wallet/"); return; }
    if (left > AHEAD * 1000) { if (said) rest(); return; }
    if (said) return;
    said = true;
    words.textContent = "再过 2 分钟没有操作，就会自动退出。";
    form.hidden = false;
    notice.classList.add("zz-idle-near");
  };

  words.setAttribute("role", "status");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, redirect: "manual",
    }).catch(() => null);
    if (answer?.status === 204) { mark(); rest(); } else location.replace("/wallet/");
  });
  mark();
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}
