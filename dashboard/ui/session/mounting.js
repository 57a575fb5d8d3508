/**
 * How a component of several modules is mounted: its markup and style are put in place once, and what lives in them is
 * told whenever Python says something.
 *
 * @typedef {import("../map/capabilities.js").Send} Send
 */

/**
 * @template Data
 * @typedef {{parentElement: ParentNode, data: Data, setTriggerValue: Send}} Mount
 */

/**
 * @template Data
 * @typedef {{turn: number, update: (data: Data, send: Send) => number, close: () => void}} Living turn: number of the
 *   latest update
 */

/**
 * @template Data what Python sends
 * @param {string} markup its first element is the root
 * @param {string[]} styles
 * @param {(root: HTMLElement, data: Data) => Living<Data>} make
 * @returns {(mount: Mount<Data>) => () => void} Streamlit calls it at the first mount, and again on the same element whenever the
 *   data or the theme change; it gives a cleanup: a call that was overtaken by a later one gets its cleanup called early
 */
export function mounting(markup, styles, make) {
  /** @type {WeakMap<ParentNode, Living<Data>>} */
  const live = new WeakMap();
  const sheets = styles.map(sheetOf);
  return ({ parentElement, data, setTriggerValue }) => {
    const current = live.get(parentElement) ?? make(furnish(parentElement, markup, sheets), data);
    live.set(parentElement, current);
    const turn = current.update(data, setTriggerValue);
    return () => {
      if (turn !== current.turn) return;
      current.close();
      live.delete(parentElement);
    };
  };
}

/** @param {string} style @returns {CSSStyleSheet} */
function sheetOf(style) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  return sheet;
}

/** @param {ParentNode} place @param {string} markup @param {CSSStyleSheet[]} sheets @returns {HTMLElement} the root, new in this place */
function furnish(place, markup, sheets) {
  const home = /** @type {ShadowRoot | Document} */ (place.getRootNode());
  for (const sheet of sheets) if (!home.adoptedStyleSheets.includes(sheet)) home.adoptedStyleSheets.push(sheet);
  const template = document.createElement("template");
  template.innerHTML = markup;
  place.replaceChildren(template.content);
  return /** @type {HTMLElement} */ (place.firstElementChild);
}
