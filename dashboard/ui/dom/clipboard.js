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
  const focused = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (host.getRootNode()).activeElement);
  const field = document.createElement("textarea");
  field.value = text;
  field.style.cssText = "position: fixed; opacity: 0";
  host.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return copied;
}
