/**
 * Tell Streamlit where its server is. Opened at /errors it would otherwise try /errors/_stcore/ first, wait
 * for the refusals, and only then try /_stcore/: two failed requests and a later start on every shared link.
 * The server's address is this page's, less the names below it, which the server has counted; whatever a proxy put before it stays.
 *
 * And fetch the map's modules, all at once: on its own page while Streamlit starts, which takes a second or two that they would
 * otherwise come after, one level of imports after the other; elsewhere when the page is there.
 */
{
  const { depth = "0", modules = "" } = document.currentScript?.dataset ?? {};
  const names = location.pathname.split("/").filter((name) => name !== "");
  const below = names.splice(names.length - Number(depth), Number(depth));
  const root = location.origin + ["", ...names, ""].join("/");
  const known = Reflect.get(window, "__streamlit"); // hosts that embed Streamlit say more there
  Reflect.set(window, "__streamlit", { ...known, BACKEND_BASE_URL: root });
  const preload = () => {
    for (const module of modules.split(" ")) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: root + module, fetchPriority: "low" }));
    }
  };
  if (below.at(-1) === "map") preload();
  else addEventListener("load", preload);
}
