/**
 * Shows what was chosen where the eye is: when another choice has other images, and their beginning is out of sight, the window
 * goes there. On a phone, where they are below the choice, a button leads there until they are in view. Beside each other, each
 * side tells the style sheet how tall it is: it stays in view, a tall one by its end.
 */

/** @typedef {{disconnect: () => void}} Watcher */
/** @type {WeakMap<Node, {choice: string, watchers: (Watcher | null)[]}>} */
const known = new WeakMap();

const images = () => document.querySelector(".st-key-detail");
const go = () => images()?.scrollIntoView({ block: "start" });

/** @returns {boolean} whether the images' beginning is above the window, or below its middle */
function outOfSight() {
  const top = images()?.getBoundingClientRect().top ?? 0;
  return top < 0 || top > innerHeight / 2;
}

/** @returns {IntersectionObserver | null} hides the button while the images, or what comes after them, are in view */
function watch() {
  const jump = document.querySelector(".lb-jump");
  const detail = images();
  if (!(jump instanceof HTMLElement) || !detail) return null;
  jump.onclick = go;
  const watcher = new IntersectionObserver(
    ([entry]) => jump.toggleAttribute("data-seen", entry.isIntersecting || entry.boundingClientRect.top < 0),
    { rootMargin: "0px 0px -120px" },
  );
  watcher.observe(detail);
  return watcher;
}

/** @returns {Watcher} tells each side's column its height, in pixels */
function measure() {
  const tell = (/** @type {ResizeObserverEntry} */ { target, borderBoxSize: [{ blockSize }] }) =>
    /** @type {HTMLElement} */ (target).style.setProperty("--lb-height", `${Math.ceil(blockSize)}px`);
  const measured = new ResizeObserver((entries) => entries.forEach(tell));
  for (const side of document.querySelectorAll(".st-key-master, .st-key-detail")) {
    const column = side.closest(".stColumn");
    if (column) measured.observe(column);
  }
  return measured;
}

/** @param {{parentElement: Node, data: {choice: string}}} component */
export default function mount({ parentElement, data }) {
  const before = known.get(parentElement);
  before?.watchers.forEach((watcher) => watcher?.disconnect());
  known.set(parentElement, { choice: data.choice, watchers: [watch(), measure()] });
  if (before && before.choice !== data.choice && outOfSight()) go();
}
