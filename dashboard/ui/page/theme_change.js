/**
 * Has the page drawn again when the system goes dark or light: figures get their colours from Python.
 */

const DARK = matchMedia("(prefers-color-scheme: dark)");
const SETTLED = 300; // milliseconds: Streamlit changes its own theme first, and tells Python with the next run

/** @type {WeakMap<Node, () => void>} */
const watchers = new WeakMap();

/** @param {{parentElement: Node, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function mount({ parentElement, setTriggerValue }) {
  watchers.get(parentElement)?.();
  const changed = () => setTimeout(() => setTriggerValue("dark", DARK.matches), SETTLED);
  const stop = () => DARK.removeEventListener("change", changed);
  DARK.addEventListener("change", changed);
  watchers.set(parentElement, stop);
  return stop;
}
