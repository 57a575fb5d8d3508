/** The page's colours, and what Python paints classes, outcomes and margins in. */

import { paintsOf, readTheme } from "../render/theme.js";
import { same } from "../state/view_store.js";

export class Appearance {
  /** @param {Element} root @param {import("../data/source.js").Data["paints"]} chosen for light and dark pages */
  constructor(root, chosen) {
    this.root = root;
    this.chosen = chosen;
    this.theme = readTheme(root);
    this.paints = paintsOf(this.theme, chosen);
  }

  /** @param {import("../data/source.js").Data["paints"]} chosen @returns {boolean} whether anything has another colour now */
  hear(chosen) {
    const theme = readTheme(this.root);
    if (same([theme, chosen], [this.theme, this.chosen])) return false;
    [this.theme, this.chosen, this.paints] = [theme, chosen, paintsOf(theme, chosen)];
    return true;
  }
}
