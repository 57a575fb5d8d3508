/**
 * Has the page drawn again when it has gone dark or light since Python drew it: figures get their colours from there. Streamlit
 * mounts its components anew when its own theme has changed, as it does, sooner or later, when the system's has.
 */

/** @type {WeakMap<Node, boolean>} */
const told = new WeakMap(); // lest two that never agree go on for ever

/** @param {{parentElement: Node, data: {dark: boolean}, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const app = document.querySelector(".stApp");
  const dark = app ? getComputedStyle(app).colorScheme === "dark" : data.dark;
  if (dark === data.dark) told.delete(parentElement);
  else if (told.get(parentElement) !== dark) {
    told.set(parentElement, dark);
    setTriggerValue("dark", dark);
  }
}
