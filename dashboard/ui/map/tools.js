/**
 * What a drag does, and how what it draws changes the selection.
 *
 * @typedef {import("./capabilities.js").Uses<"frame">} Needs
 * @typedef {import("../input/gestures.js").Tool} Tool
 * @typedef {import("../state/selection.js").Mode} Mode
 */

import { Help } from "../tools/help.js";

export class Tools {
  /** @type {Tool} */
  tool = "point";
  /** What a gesture does where no key is held: fingers have no shift. @type {Mode} */
  mode = "replace";

  /** @param {Needs} map @param {() => void} onChange */
  constructor(map, onChange) {
    this.map = map;
    this.onChange = onChange;
    this.help = new Help(map.frame.root);
  }

  /** @param {Tool} tool */
  use(tool) {
    this.tool = tool;
    this.mode = "replace";
    this.map.frame.root.dataset.tool = tool;
    this.onChange();
  }

  /** @param {import("../input/gestures.js").Keys} keys that are held @returns {Mode} */
  modeFor({ shift, alt }) {
    return alt ? "remove" : shift ? "add" : this.mode;
  }

  /** @param {Mode} mode again: what is drawn replaces the selection */
  toggleMode(mode) {
    this.mode = this.mode === mode ? "replace" : mode;
    this.onChange();
  }

  toggleHelp() {
    this.help.toggle();
  }
}
