/** A site's script: what stands in the document says which page it is. */

import { read, serveSite } from "./files.js";
import { Site } from "./site.js";

serveSite();
document.addEventListener("DOMContentLoaded", async () => new Site(await read("lazybones/site.json"), document.body).follow());
