/**
 * A link to the page that it is on changes the address first, and then has the page follow, as Back does.
 *
 * Streamlit tells its server of such a link, but not the browser: until the server's answer came, every other press brought
 * the address of before. And a link that is to open beside this page (a press with Ctrl, Cmd or Shift) is the browser's.
 */
{
  /** The first page has no name: Streamlit writes its address as a query alone, wherever it is shown. @param {HTMLAnchorElement} link */
  const pageOf = (link) => (link.getAttribute("href")?.startsWith("?") ? new URL(".", document.baseURI).pathname : link.pathname);

  /** @param {MouseEvent} event */
  const follow = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-testid='stPageLink-NavLink']") : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    const beside = event.ctrlKey || event.metaKey || event.shiftKey;
    if (beside) event.stopImmediatePropagation();
    if (beside || pageOf(link) !== location.pathname || link.origin !== location.origin) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (link.search === location.search || link.closest(".st-key-pages")) return; // here already
    history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
  };

  addEventListener("click", follow, { capture: true });
}
