/**
 * Makes an element. What comes from data is only ever text or an attribute, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes] null and undefined are left out, false too
 *   but for `aria-` and `data-`
 * @param {...(Node | string)} content
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    const spoken = /^(aria|data)-/.test(name); // "false" is something to say there
    if (value !== null && value !== undefined && (spoken || value !== false)) {
      made.setAttribute(name, value === true && !spoken ? "" : String(value));
    }
  }
  made.append(...content);
  return made;
}

/**
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {...(Node | string)} content
 * @returns {HTMLButtonElement} that submits nothing
 */
export function button(attributes, ...content) {
  return element("button", { type: "button", ...attributes }, ...content);
}

/** @param {string} name @param {readonly (readonly [string, string])[]} choices values and words @returns {HTMLElement[]} */
export function radios(name, choices) {
  return choices.map(([value, words]) =>
    element("label", {}, element("input", { type: "radio", name, value }), element("span", {}, words)),
  );
}

/**
 * @param {string} path of a 16 x 16 drawing, in lines
 * @returns {SVGElement} for eyes only
 */
export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 16 16");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

/** @param {ParentNode} host @param {string} selector @returns {HTMLElement} @throws {Error} if the markup has none */
export function find(host, selector) {
  /** @type {HTMLElement | null} */
  const found = host.querySelector(selector);
  if (!found) throw new Error(`The markup must have ${selector}. Got none.`);
  return found;
}

/** @param {Event} event @param {string} selector @returns {HTMLElement | null} what the event is about, or lies in */
export function closest({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/** Writes only what is new: an unchanged text costs no layout. @param {Element} target @param {string} words */
export function write(target, words) {
  if (target.textContent !== words) target.textContent = words;
}
