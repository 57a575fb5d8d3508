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

/** @param {{data: {page: string}}} component */
export default function mount({ data }) {
  const links = [...document.querySelectorAll(".st-key-pages a")];
  const page = (/** @type {Element} */ link) => (link.getAttribute("href") ?? "").split("?")[0]?.split("/").at(-1) ?? "";
  const here = links.find((link) => page(link) === data.page) ?? links[0];
  for (const link of links) {
    if (link === here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const row = here?.closest(".st-key-pages");
  if (here instanceof HTMLElement && row instanceof HTMLElement) {
    row.scrollLeft += here.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - here.offsetWidth) / 2;
    watch(row);
  }
}
