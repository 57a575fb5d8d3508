/**
 * Shows cards with a number each; a click on one reports its name.
 *
 * @typedef {{name: string, label: string, value: string, note: string, tone: string}} Card
 * @typedef {{cards: Card[], chosen: string|null, columns: number}} Data
 */

/** @param {string} className @param {string} text */
function line(className, text) {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {Card} card @param {boolean} chosen */
function cardOf(card, chosen) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = card.tone;
  button.dataset.name = card.name;
  button.setAttribute("aria-pressed", String(chosen));
  button.append(line("label", card.label), line("value", card.value), line("note", card.note));
  return button;
}

/** @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function mount({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".choices"));
  const focused = root.querySelector("button:focus")?.getAttribute("data-name");
  root.style.setProperty("--columns", String(data.columns));
  root.classList.toggle("fixed", data.columns > 0);
  root.replaceChildren(...data.cards.map((card) => cardOf(card, card.name === data.chosen)));
  if (focused) /** @type {HTMLElement|null} */ (root.querySelector(`[data-name="${CSS.escape(focused)}"]`))?.focus();
  root.onclick = (event) => {
    const card = event.target instanceof Element ? event.target.closest("button") : null;
    if (card instanceof HTMLElement) setTriggerValue("picked", card.dataset.name);
  };
}
