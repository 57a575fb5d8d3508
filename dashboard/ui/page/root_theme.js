/**
 * Says at the document's root whether the theme is dark, as Streamlit says at its app's root only: drawers, menus and lists that open
 * hang outside it, and would take the colours of a light page. Streamlit mounts its components anew when its theme has changed.
 */
export default function mount() {
  const app = document.querySelector(".stApp");
  if (app) document.documentElement.style.colorScheme = getComputedStyle(app).colorScheme;
}
