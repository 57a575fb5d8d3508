/**
 * Tell Streamlit where its server is. Opened at /errors it would otherwise try /errors/_stcore/ first, wait
 * for the refusals, and only then try /_stcore/: two failed requests and a later start on every shared link.
 * The server's address is this page's, less the name of the page; whatever a proxy put before it stays.
 *
 * And fetch the map's modules, all at once: on its own page while Streamlit starts, which takes a second or two that they would
 * otherwise come after, one level of imports after the other; elsewhere when the page is there.
 */
{
  const { pages: names = "", modules = "" } = document.currentScript?.dataset ?? {};
  const pages = names.split(" ");
  const folders = location.pathname.split("/");
  if (folders.at(-1) === "" && pages.includes(folders.at(-2) ?? "")) folders.pop();
  const page = folders.at(-1) ?? "";
  if (pages.includes(page)) folders[folders.length - 1] = "";
  const known = Reflect.get(window, "__streamlit"); // hosts that embed Streamlit say more there
  Reflect.set(window, "__streamlit", { ...known, BACKEND_BASE_URL: location.origin + folders.join("/") });
  const preload = () => {
    for (const module of modules.split(" ")) {
      const href = `${location.origin}${folders.join("/")}${module}`;
      document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href, fetchPriority: "low" }));
    }
  };
  if (page === "map") preload();
  else addEventListener("load", preload);
}
