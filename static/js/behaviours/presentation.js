/* data-zz-presentation on the box of the slip: counts down, fetches the next code, and looks every three
   seconds whether somebody asks or has read. A code that is over is never left standing. Without
   this the page fetches itself once a minute. */

const LOOK_EVERY = 3;
const AROUND = 138.2;
const LIVE = ["OPEN", "ASKED", "AGREED"];

export function start(box) {
  const tell = document.querySelector("[data-zz-tell]");
  let slip, since, sinceSteady, looked = performance.now(), busy = false, tried = false, told = false;

  const part = (name) => box.querySelector(`[data-zz-${name}]`);
  const number = (name) => Number(slip.dataset[name]);
  // whichever clock went further: one stops while the phone sleeps, the other may be set back
  const gone = () => Math.max(Date.now() - since, performance.now() - sinceSteady) / 1000;
  const isLive = () => LIVE.includes(slip.dataset.state);

  function begin() {
    slip = part("slip");
    since = Date.now();
    sinceSteady = performance.now();
    tried = false;
    show();
  }

  function show() {
    const ends = Math.max(Math.ceil(number("ends") - gone()), 0);
    if (part("ends")) part("ends").textContent = spell(ends);
    if (slip.dataset.state !== "OPEN") return;
    const left = Math.max(Math.ceil(number("left") - gone()), 0);
    const ring = slip.querySelector(".zz-ring");
    const words = left ? `${left} 秒后自动换新码` : "正在换新码";
    ring.setAttribute("aria-label", words);
    ring.querySelector("text").textContent = left;
    ring.querySelector(".zz-ring-hand").setAttribute("stroke-dasharray", `${(AROUND * Math.min(left / number("every"), 1)).toFixed(1)} ${AROUND}`);
    part("left").textContent = words;
    if (left <= 10 && !told) tell.textContent = `${left} 秒后换新码`;
    told = left <= 10;
    const isDead = gone() > number("left") + number("grace");
    part("good").hidden = isDead;
    part("dead").hidden = !isDead;
  }

  function old(is) { if (part("old")) part("old").hidden = !is; }

  async function ask(address) {
    const answer = await fetch(address, { cache: "no-store", redirect: "manual", headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) return answer;
    // signed out, or not ours any more: the page itself says so
    if (answer.type === "opaqueredirect" || answer.status < 500) location.reload();
    throw new Error(String(answer.status));
  }

  async function renew() {
    const before = slip.dataset.state;
    const text = await (await ask(box.dataset.code)).text();
    const fresh = new DOMParser().parseFromString(text, "text/html").body;
    const next = fresh.querySelector("[data-zz-slip]");
    if (next.dataset.state === before) {
      slip.replaceWith(next);
      begin();
      return;
    }
    box.replaceChildren(...fresh.childNodes);
    begin();
    const heading = box.querySelector("h1");
    heading.focus();
    tell.textContent = heading.textContent;
  }

  async function look() {
    const { state } = await (await ask(box.dataset.status)).json();
    if (state !== slip.dataset.state) await renew();
  }

  async function turn() {
    show();
    if (busy || document.hidden || !isLive()) return;
    const isDue = gone() >= number("ends") || (slip.dataset.state === "OPEN" && gone() >= number("left"));
    const isSoon = performance.now() - looked < LOOK_EVERY * 1000;
    if (isSoon && (tried || !isDue)) return;
    busy = true;
    tried = isDue;
    looked = performance.now();
    try {
      await (isDue ? renew() : look());
      old(false);
    } catch {
      old(true);
    } finally {
      busy = false;
    }
  }

  begin();
  setInterval(turn, 1000);
  const atOnce = () => { looked = -Infinity; turn(); };
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { atOnce(); keepAwake(); } });
  window.addEventListener("online", atOnce);
  window.addEventListener("offline", () => old(true));
  keepAwake();

  async function keepAwake() {
    if (!navigator.wakeLock || !isLive()) return;
    try {
      await navigator.wakeLock.request("screen");
      document.querySelector("[data-zz-bright]").textContent = "屏幕不会熄灭，请调亮";
    } catch {
      // a phone that saves its battery says no; the words on the page stay as they are
    }
  }
}

function spell(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (!minutes) return `${seconds} 秒`;
  return seconds % 60 ? `${minutes} 分 ${seconds % 60} 秒` : `${minutes} 分钟`;
}
