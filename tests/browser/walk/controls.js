/** What a test asks of a page: its controls, found by role, and what it says; both look into components, too. */
{
  const ROLES = ["button", "link", "select", "slider", "radio", "checkbox", "switch", "tab", "combobox"];
  const BAR = ".st-key-topbar"; // which all pages have
  const PLACES = [BAR, "[data-testid=stMain]", "[role=dialog]"];
  const COUNT = /\d[\d,]*\s+(of\s+\d|images?|errors?|right|wrong|pairs?)/;

  const deep = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? deep(e.shadowRoot) : [])]);
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const all = () => [...new Set(PLACES.flatMap((place) => [...document.querySelectorAll(place)].flatMap(deep)))];
  const text = (e) => (e?.innerText ?? "").replace(/\s+/g, " ").trim();

  const role = (e) => {
    const inputs = { range: "slider", radio: "radio", checkbox: "checkbox" };
    const others = { A: e.hasAttribute("href") ? "link" : "", BUTTON: "button", SELECT: "select", INPUT: inputs[e.type] };
    return e.getAttribute("role") ?? others[e.tagName] ?? "";
  };
  const name = (e) => e.getAttribute("aria-label") || text(e.labels?.[0]) || text(e) || e.title || e.dataset.row || "";
  const place = (e) => {
    const key = [...(e.classList ?? [])].find((one) => one.startsWith("st-key-"));
    const above = e.parentElement ?? e.getRootNode().host;
    return key ?? (above ? place(above) : "");
  };

  /** Controls that can be used now; `opens`: shows something beside itself, `leaves`: the dashboard, `saves`: a file, or what is said of labels, `chosen`: changes nothing, `shared`: stands on all pages. */
  const controls = () => {
    window.walked = all().filter((e) => ROLES.includes(role(e)) && !e.matches(":disabled, [aria-disabled=true]") && seen(e));
    return window.walked.map((e) => ({
      role: role(e),
      name: name(e).slice(0, 80),
      place: place(e),
      of: e.classList[0] ?? "",
      shared: e.closest(BAR) !== null,
      opens: role(e) !== "combobox" && (e.hasAttribute("aria-haspopup") || e.hasAttribute("aria-expanded")),
      leaves: e.matches("a[href]") && (e.origin !== location.origin || e.target === "_blank"),
      saves: e.hasAttribute("download") || e.closest("[data-saves]") !== null,
      chosen: e.getAttribute("aria-checked") === "true" || e.getAttribute("aria-current") === "page" || (e.type === "radio" && e.checked),
    }));
  };

  const SAID = ["aria-checked", "aria-pressed", "aria-selected", "aria-valuenow"];
  const value = (e) => {
    const own = e.matches("input[type=radio], input[type=checkbox]") ? String(e.checked) : String(e.value ?? "");
    return SAID.map((attribute) => e.getAttribute(attribute)).find((said) => said !== null) ?? own;
  };
  const own = (e) => [...e.childNodes].map((node) => (node.nodeType === 3 ? node.data : "")).join(" ").replace(/\s+/g, " ").trim();

  const state = () => {
    const now = all();
    const chosen = now.filter((e) => ROLES.includes(role(e)) && role(e) !== "link" && !["", "false"].includes(value(e)) && seen(e));
    return {
      address: decodeURIComponent(location.href),
      headings: now.filter((e) => /^H[1-4]$/.test(e.tagName) && seen(e)).map(text),
      selected: chosen.map((e) => `${role(e)} ${name(e)}: ${value(e)}`).sort(),
      sorted: now.filter((e) => e.matches("[aria-sort]:not([aria-sort=none])") && seen(e)).map((e) => `${text(e)}: ${e.ariaSort}`),
      images: now.filter((e) => e.matches("button.tile") && seen(e)).map(name),
      counts: now.map((e) => [e, own(e)]).filter(([e, line]) => COUNT.test(line) && seen(e)).map(([, line]) => line),
    };
  };
  window.walk = { controls, state, everything: () => deep(document) };
}
