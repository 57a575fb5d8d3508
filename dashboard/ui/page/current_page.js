/**
 * Marks the link of the current page in the bar, and brings it into view: on a phone the bar scrolls, and `data-more` says to
 * which sides, so that it fades there.
 */

/** @type {WeakSet<Element>} rows that are watched */
const watched = new WeakSet();

/** @param {HTMLElement} row */
function tellMore(row) {
  const left = row.scrollLeft > 1 ? "left" : "";
  const right = row.scrollLeft + row.clientWidth < row.scrollWidth - 1 ? "right" : "";
  row.dataset.more = `${left} ${right}`.trim();
}

/** @param {HTMLElement} row */
function watch(row) {
  tellMore(row);
  if (watched.has(row)) return;
  watched.add(row);
  row.addEventListener("scroll", () => tellMore(row), { passive: true });
  new ResizeObserver(() => tellMore(row)).observe(row);
}

/** Name the page that a link of the bar leads to; the start page's address has no name. @param {Element} link */
const nameOf = (link) => (link.getAttribute("href") ?? "").split("?")[0]?.split("/").at(-1) || "overview";

/** Mark the link of a page, if it is there yet. @param {string} page @returns {boolean} */
function mark(page) {
  const links = [...document.querySelectorAll(".st-key-pages a")];
  const here = links.find((link) => nameOf(link) === page) ?? (page === "overview" ? links[0] : undefined); // below a base path
  const row = here?.closest(".st-key-pages");
  if (!(here instanceof HTMLElement && row instanceof HTMLElement)) return false;
  for (const link of links) link.removeAttribute("aria-current");
  here.setAttribute("aria-current", "page");
  row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - here.offsetWidth) / 2;
  watch(row);
  return true;
}

/** @type {MutationObserver | null} waits for a link that is not there yet */
let waiting = null;

/** @param {{data: {page: string}}} component */
export default function mount({ data }) {
  waiting?.disconnect();
  if (mark(data.page)) return;
  waiting = new MutationObserver(() => mark(data.page) && waiting?.disconnect());
  waiting.observe(document.body, { childList: true, subtree: true });
}
