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

  const PENDING = "[data-testid*=Skeleton], [data-stale=true], .lb-map:not([data-parts=ready])"; // parts of a map come late
  const isIdle = () =>
    document.querySelector(".stApp")?.getAttribute("data-test-script-state") === "notRunning" &&
    document.querySelector("h1, h2") !== null && fetches === 0 && heard === told && !walk.everything().some((e) => e.matches(PENDING));
  const pause = () => new Promise((resolve) => setTimeout(resolve, POLL));

  /** Gives what the page says as soon as it is what is expected, or once it is at rest, or time is up. */
  walk.rest = async (expected, patience) => {
    const end = performance.now() + patience * 1000;
    const wanted = expected && JSON.stringify(expected);
    for (let calm = 0, before = ""; performance.now() < end && calm < (wanted ? UNLIKE : CALM); await pause()) {
      const now = isIdle() ? JSON.stringify(walk.state()) : "";
      if (now && now === wanted) break;
      calm = now && now === before ? calm + 1 : 0;
      before = now;
    }
    return walk.state();
  };
}
