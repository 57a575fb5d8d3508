/**
 * How the map is drawn: layout, images, shapes; and how far it can be trusted.
 *
 * @typedef {import("../map/capabilities.js").Uses<"rows" | "signal">} Needs
 * @typedef {import("../data/source.js").Trust} Trust
 */

import { Disclosure } from "../dom/disclosure.js";
import { element, find } from "../dom/element.js";
import { percent, score } from "../data/numbers.js";

const EVERYONE =
  "There are so few images that each is among the nearest of every other: any map keeps all of these neighbours, which says nothing of this one.";
const RULE =
  "A neighbour is kept if it is among an image's nearest both in feature space and on the map. Trustworthiness falls when strangers " +
  "come close on the map, continuity when neighbours end up far apart, each by how far. Near 1, trust groups and who lies beside whom; " +
  "lower, large groups only. How wide a group is, and how far apart two are, means little in either case. Colour by Faithfulness to see " +
  "where neighbours were kept.";

export class ViewMenu {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.map = map;
    this.trust = find(host, ".trust");
    this.told = "";
    new Disclosure(host, find(host, ".tool-open"), find(host, ".drop-body"), map.signal);
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const trust = this.map.rows.data.trust ?? null;
    const told = JSON.stringify(trust);
    if (!changed.has("data") || told === this.told) return;
    this.told = told;
    this.trust.hidden = !trust;
    this.trust.replaceChildren(...(trust ? partsOf(trust) : []));
  }
}

/** @param {Trust} trust @returns {HTMLElement[]} */
function partsOf({ of, kept, trustworthiness, continuity }) {
  const title = element("h2", {}, "How far to trust the map");
  if (!of) return [title, element("p", {}, EVERYONE)];
  const lines = [
    ["Neighbours kept", percent(kept / of), `${kept.toFixed(1)} of ${of}, on average`],
    ["Trustworthiness", score(trustworthiness ?? NaN), "1: no strangers beside an image"],
    ["Continuity", score(continuity ?? NaN), "1: no neighbours far apart"],
  ];
  const cells = lines.flatMap(([name, value, words]) => [element("dt", {}, name), element("dd", {}, element("b", {}, value), ` ${words}`)]);
  return [title, element("dl", {}, ...cells), element("p", {}, RULE)];
}
