/** When a page is at rest: its server has answered and nothing that a test asks of it changes any more. Runs before the page's own scripts. */
{
  const POLL = 80; // milliseconds
  const CALM = 6; // polls without a change: longer than the map waits before it writes its address or tells its server
  const UNLIKE = 30; // the same, where something else was expected
  let fetches = 0;
  let told = 0; // numbers of messages
  let heard = 0;

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => (heard = told));
    }
    send(message) {
      told++;
      super.send(message);
    }
  };
  const get = window.fetch;
  window.fetch = (...given) => {
    fetches++;
    return get(...given).finally(() => fetches--);
  };

  const MAP = ".lb-map:not(.lb-pair, [data-parts=ready])"; // its parts come late; two have a root of their own
  const LATE = ".room:empty, .labels[data-loaded=false]"; // a component whose modules are on their way; what others have said
  const PENDING = `[data-testid*=Skeleton], [data-stale=true], ${MAP}, ${LATE}`;
  /** Says what the page is still waiting for; empty where it is idle. */
  const pending = () => {
    const running = document.querySelector(".stApp")?.getAttribute("data-test-script-state") !== "notRunning";
    const reasons = { running, empty: !document.querySelector("h1, h2"), fetching: fetches > 0, unanswered: heard !== told };
    const late = walk.everything().some((e) => e.matches(PENDING));
    return Object.entries({ ...reasons, late }).filter(([, is]) => is).map(([name]) => name).join(", ");
  };
  /** What a person would see, and where, for whoever reads of a failure. */
  const shown = () => `${location.href} shows “${document.body.innerText.replace(/\s+/g, " ").slice(0, 600)}”`;
  const pause = () => new Promise((resolve) => setTimeout(resolve, POLL));

  /** Gives what the page says as soon as it is what is expected, or once it is at rest; fails where it never is. */
  walk.rest = async (expected, patience) => {
    const end = performance.now() + patience * 1000;
    const wanted = expected && JSON.stringify(expected);
    for (let calm = 0, before = ""; calm < (wanted ? UNLIKE : CALM); await pause()) {
      const why = pending();
      if (performance.now() > end) throw new Error(`The page does not come to rest: ${why || "it changes"}. ${shown()}`);
      const now = why ? "" : JSON.stringify(walk.state());
      if (now && now === wanted) break;
      calm = now && now === before ? calm + 1 : 0;
      before = now;
    }
    return walk.state();
  };
}
