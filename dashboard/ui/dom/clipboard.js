import { element } from "./element.js";

/**
 * Copies a text. Browsers offer their clipboard to pages from `https` and from the same computer only; elsewhere the
 * text is selected in a field and copied as by hand.
 *
 * @param {string} text
 * @param {HTMLElement} host where the field may be for a moment
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyText(text, host) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text, host);
  }
}

/** @param {string} text @param {HTMLElement} host @returns {boolean} */
function copyByHand(text, host) {
  const root = host.getRootNode();
  const focused = root instanceof ShadowRoot || root instanceof Document ? root.activeElement : null;
  const field = element("textarea", { style: "position: fixed; opacity: 0" });
  field.value = text;
  host.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}
