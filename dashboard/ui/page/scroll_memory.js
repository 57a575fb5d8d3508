/**
 * Back, Forward and a reload show a page where it was left: how far each entry of the browser's history was scrolled is kept in this
 * tab, and shown again as soon as the page is as tall as then. Streamlit scrolls an element of its own, of which browsers remember nothing.
 */
{
  const NAME = "lazybones.scroll";
  const MOST = 100; // entries
  const PATIENCE = 15_000; // milliseconds: a page may have to be computed
  const CALM = 45; // frames after the script's run in which nothing grows any more
  const SHORT = 100; // frames after it that are enough, though the page is not as tall as it was

  /** @returns {string} which entry of the history this is */
  const entry = () => Reflect.get(window, "navigation")?.currentEntry?.key ?? location.href;
  const main = () => document.querySelector("[data-testid='stMain']");
  const idle = () => document.querySelector(".stApp")?.getAttribute("data-test-script-state") === "notRunning";

  /** @returns {Map<string, number>} */
  const read = () => {
    try {
      return new Map(JSON.parse(sessionStorage.getItem(NAME) ?? "[]"));
    } catch {
      return new Map(); // a browser may forbid it
    }
  };
  const tops = read();
  /** @type {{top: number, until: number, ran: boolean, calm: number, height: number} | null} where the page is to be once it can */
  let wanted = null;
  /** @type {{entry: string, top: number} | null} where one was when one pressed something, if one has not scrolled since */
  let pressed = null;

  const keep = () => {
    const place = main();
    if (!place || wanted) return;
    tops.delete(entry());
    tops.set(entry(), place.scrollTop);
    if (tops.size > MOST) tops.delete(/** @type {string} */ (tops.keys().next().value));
  };

  const save = () => {
    try {
      sessionStorage.setItem(NAME, JSON.stringify([...tops]));
    } catch {
      // full, or forbidden: then it is not remembered
    }
  };

  const restore = () => {
    if (!wanted) return;
    const place = main();
    if (place && Math.abs(place.scrollTop - wanted.top) > 1) place.scrollTop = wanted.top;
    wanted.ran ||= !idle();
    const height = place?.scrollHeight ?? 0;
    wanted.calm = wanted.ran && idle() && height === wanted.height ? wanted.calm + 1 : 0;
    wanted.height = height;
    const there = place !== null && Math.abs(place.scrollTop - wanted.top) <= 1;
    if (wanted.calm > (there ? CALM : SHORT) || performance.now() > wanted.until) wanted = null;
    else requestAnimationFrame(restore);
  };

  const start = () => {
    const top = tops.get(entry());
    const running = wanted !== null;
    wanted = top === undefined ? null : { top, until: performance.now() + PATIENCE, ran: false, calm: 0, height: 0 };
    if (!running && wanted) requestAnimationFrame(restore);
  };
  const stop = () => (wanted = pressed = null);
  const press = () => {
    stop();
    pressed = { entry: entry(), top: main()?.scrollTop ?? 0 };
  };

  const early = { capture: true, passive: true };
  addEventListener("scroll", (event) => event.target === main() && keep(), early);
  addEventListener("popstate", (event) => event.isTrusted && start(), early); // a link to the same page leaves it where it is
  Reflect.get(window, "navigation")?.addEventListener("currententrychange", (/** @type {Event} */ event) => {
    if (Reflect.get(event, "navigationType") !== "push") return;
    const { key } = Reflect.get(event, "from");
    if (pressed && pressed.entry === key) tops.set(key, pressed.top); // Streamlit goes to the top before it goes to another page
    keep(); // a new entry begins where the last one was
  });
  for (const name of ["wheel", "touchmove"]) addEventListener(name, stop, early);
  for (const name of ["pointerdown", "keydown", "click"]) addEventListener(name, press, early);
  addEventListener("pagehide", save);
  start();
}
