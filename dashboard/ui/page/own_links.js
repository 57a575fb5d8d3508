/**
 * A link to the page that it is on changes the address first, and then has the page follow, as Back does.
 *
 * Streamlit tells its server of such a link, but not the browser: until the server's answer came, every other press brought
 * the address of before. And a link that is to open beside this page (a press with Ctrl, Cmd or Shift) is the browser's.
 *
 * The start page has no name, and Streamlit writes its address as a query alone, which is any page's: such a link says where it
 * leads as soon as the pointer or the focus comes to it.
 *
 * And a link to another page leaves this one a turn later: Streamlit sends what a component has said in a turn of its own, and what is
 * sent after the page was left is lost.
 */
{
  /** @type {HTMLAnchorElement | null} what is pressed by this script */
  let leaving = null;

  /** @param {HTMLAnchorElement} link */
  const leave = (link) => {
    leaving = link;
    link.click();
    leaving = null;
  };

  /** Give the link to a page that an event is about, saying where it leads. @param {Event} event */
  const linkOf = ({ target }) => {
    const link = target instanceof Element ? target.closest("a[data-testid='stPageLink-NavLink']") : null;
    if (!(link instanceof HTMLAnchorElement)) return null;
    const href = link.getAttribute("href") ?? "";
    if (href.startsWith("?")) link.href = `${Reflect.get(window, "__streamlit").BACKEND_BASE_URL}${href}`; // of deep_links.js
    return link;
  };

  /** @param {MouseEvent} event */
  const follow = (event) => {
    const link = linkOf(event);
    if (link === null || link === leaving) return;
    const beside = event.ctrlKey || event.metaKey || event.shiftKey;
    if (beside) event.stopImmediatePropagation();
    if (beside || link.origin !== location.origin) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (link.pathname !== location.pathname) {
      setTimeout(leave, 0, link);
      return;
    }
    if (link.search === location.search || link.closest(".st-key-pages")) return; // here already
    history.pushState({}, "", link.href);
    dispatchEvent(new PopStateEvent("popstate"));
  };

  for (const kind of ["pointerover", "focusin"]) addEventListener(kind, linkOf, { capture: true });
  addEventListener("click", follow, { capture: true });
}
