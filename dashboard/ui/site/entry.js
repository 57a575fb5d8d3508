/** A site's script: what stands in the document says which page it is. */

import { find } from "../dom/element.js";
import { read, serveSite } from "./files.js";
import { Site } from "./site.js";

serveSite();
document.addEventListener("DOMContentLoaded", async () => {
  try {
    new Site(await read("lazybones/site.json"), document.body).follow();
  } catch (error) {
    find(document, "main").textContent = /** @type {Error} */ (error).message;
  }
});
