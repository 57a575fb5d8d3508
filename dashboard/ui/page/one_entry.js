/**
 * One action of the viewer, one entry in the browser's history: Back undoes exactly that.
 *
 * Streamlit pushes an entry for each address that it writes: a page that is opened and then corrects its address makes two,
 * a visit that names the run by itself one that nobody asked for. An address that no press and no key has asked for since the
 * last one takes its place instead.
 */
{
  let acted = false;
  /** @type {EventTarget | null} */
  let typed = null; // the field of the key before: a word is one action

  const act = () => {
    acted = true;
    typed = null;
  };

  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const field = event.key.length === 1 || event.key === "Backspace" || event.key === "Delete" ? event.composedPath()[0] : null;
    const goesOn = field instanceof HTMLInputElement && field === typed;
    if (!goesOn) act();
    typed = field;
  };

  const early = { capture: true, passive: true };
  addEventListener("pointerdown", act, early);
  addEventListener("keydown", press, early);
  addEventListener("click", (event) => event.detail === 0 && act(), early); // of a screen reader, which presses nothing
  addEventListener("popstate", () => (acted = false), early);

  const push = history.pushState;
  history.pushState = function (...entry) {
    const write = acted ? push : history.replaceState;
    acted = false;
    write.apply(history, entry);
  };
}
