/** Notes when C is chosen, when the numbers on the page change, when its script has ended, and the last change of all. */
() => {
  const seen = (globalThis.lazybonesRedraw = {chosen: 0, numbers: 0, ended: 0, last: 0});
  const numbers = () => [...document.querySelectorAll(".lb-cards, .st-key-flipped")].map((cards) => cards.textContent).join();
  let before = numbers();
  const look = () => {
    if (!seen.chosen) return;
    seen.last = performance.now();
    if (!seen.numbers && numbers() !== before) seen.numbers = seen.last;
    const state = document.querySelector(".stApp").getAttribute("data-test-script-state");
    if (seen.numbers && !seen.ended && state === "notRunning") seen.ended = seen.last;
  };
  const all = {subtree: true, childList: true, attributes: true, characterData: true};
  new MutationObserver(look).observe(document.body, all);
  const chosen = (event) => {
    before = numbers();
    Object.assign(seen, {chosen: event.timeStamp, numbers: 0, ended: 0, last: 0});
  };
  addEventListener("keydown", chosen, true);
  addEventListener("popstate", chosen, true);
};
