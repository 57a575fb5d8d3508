/**
 * Tell Streamlit where its server is. Opened at /errors it would otherwise try /errors/_stcore/ first, wait
 * for the refusals, and only then try /_stcore/: two failed requests and a later start on every shared link.
 * The server's address is this page's, less the name of the page; whatever a proxy put before it stays.
 */
{
  const pages = document.currentScript.dataset.pages.split(" ");
  const folders = location.pathname.split("/");
  if (folders.at(-1) === "" && pages.includes(folders.at(-2))) folders.pop();
  if (pages.includes(folders.at(-1))) folders[folders.length - 1] = "";
  window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: location.origin + folders.join("/") };
}
