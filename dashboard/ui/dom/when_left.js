/**
 * Tells when the viewer turns to something outside of a place, with a pointer or with the keyboard: what was open there closes.
 *
 * @param {HTMLElement} place @param {AbortSignal} signal ends it @param {() => void} leave
 */
export function whenLeft(place, signal, leave) {
  place.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !place.contains(relatedTarget)) leave();
  });
  const pressed = (/** @type {Event} */ event) => event.composedPath().includes(place) || leave();
  window.addEventListener("pointerdown", pressed, { signal, capture: true });
}
