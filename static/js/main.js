/* Finds data-zz-<behaviour> and starts the module of that name. No page needs it to work. */

const BEHAVIOURS = ["filter", "copy", "read-aloud", "pick", "install", "idle", "presentation", "queue", "scan"];
const started = new WeakMap();

async function startIn(root) {
  for (const name of BEHAVIOURS) {
    const found = [...root.querySelectorAll(`[data-zz-${name}]`)];
    if (root.matches?.(`[data-zz-${name}]`)) found.push(root);
    if (!found.length) continue;
    const { start } = await import(`./behaviours/${name.replace("-", "_")}.js`);
    for (const element of found) {
      const names = started.get(element) ?? new Set();
      if (names.has(name)) continue;
      started.set(element, names.add(name));
      start(element);
    }
  }
}

startIn(document.documentElement);
document.addEventListener("htmx:afterSettle", (event) => startIn(event.target));
