/** Two maps that move as one: entry point of the component that `dashboard/components/side_by_side.py` mounts. */

import { markup as mapMarkup, style as mapStyle } from "../map/map_shell.js";
import { find } from "../dom/element.js";
import { mounting } from "../session/mounting.js";
import { PairOfMaps } from "./pair_of_maps.js";
import { markup, style } from "./pair_shell.js"; // made of pair.html and the pair's style sheets by dashboard/server/ui_bundle.py

export default mounting(markup, [mapStyle, style], (root, data) => new PairOfMaps(furnished(root), data));

/** Each half has the frame of a map: the stage, what is on it, and what is spoken. @param {HTMLElement} root @returns {HTMLElement} */
function furnished(root) {
  for (const half of root.querySelectorAll(".half .lb-map")) {
    const template = document.createElement("template");
    template.innerHTML = mapMarkup;
    for (const part of [".frame", ".spoken"]) half.append(find(template.content, part));
  }
  return root;
}
