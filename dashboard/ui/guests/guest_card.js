/**
 * What the run says of one picture.
 *
 * @typedef {import("./asking.js").Answer} Answer
 * @typedef {import("./asking.js").Guest} Guest
 * @typedef {import("./asking.js").Near} Near
 * @typedef {import("../map/capabilities.js").Uses<"rows" | "appearance">} Needs
 */

import { counted, distance, percent, signed } from "../data/numbers.js";
import { behind } from "../data/facts.js";
import { address } from "../data/source.js";
import { button, element } from "../dom/element.js";
import { markOf, tile } from "../cards/image_elements.js";

const SIZE = 64; // pixels of a near image
const LISTED = 20; // classes
const UNUSUAL = 99; // percentile

/** @param {Guest} guest @param {Needs} map @returns {HTMLElement[]} */
export function cardOf(guest, map) {
  const { answer } = guest;
  if (!answer) return [head(guest, null, map), element("p", { class: "guest-state", role: "status" }, guest.words || "Waiting…"), ...retry(guest)];
  const parts = [head(guest, answer, map), ...same(answer, map), ...gauge(answer), ...agreement(answer, map), ...near(answer, map)];
  return [...parts, ...placed(answer), ...classes(answer, map), ...(guest.words ? [element("p", { class: "guest-state", role: "status" }, guest.words)] : [])];
}

/** @param {Guest} guest @returns {HTMLElement[]} */
function retry(guest) {
  return guest.state === "failed" ? [button({ class: "guest-button", "data-do": "again" }, "Ask again")] : [];
}

/** @param {number} label @param {Needs} map @returns {import("../data/facts.js").ClassMark | null} */
function classMark(label, { rows, appearance }) {
  const { class_names: names } = rows.data;
  return label >= 0 && label < names.length ? { name: names[label], paint: appearance.paints.classes[label], label } : null;
}

/** @param {Guest} guest @param {Answer | null} answer @param {Needs} map @returns {HTMLElement} */
function head({ file }, answer, map) {
  const picture = answer ? element("img", { class: "guest-picture", src: answer.picture, alt: "" }) : element("span", { class: "guest-picture" });
  if (answer) picture.classList.toggle("pixels", Math.max(...answer.size) <= SIZE);
  const lines = element("dl");
  if (answer && answer.predicted !== null) {
    lines.append(line("Predicted", markOf(classMark(answer.predicted, map))));
    const lead = answer.classes.find(([label]) => label === answer.runnerUp)?.[2] ?? null;
    if (answer.runnerUp !== null && answer.classes.length > 2) lines.append(line("Runner-up", markOf(classMark(answer.runnerUp, map)), behind(lead)));
  }
  const close = button({ class: "unpin", "data-do": "remove", title: "Take away", "aria-label": `Take ${file.name} away` }, "×");
  return element("div", { class: "guest-head" }, picture, element("div", {}, element("h2", { class: "pin-name" }, file.name || "Picture"), lines), close);
}

/** @param {string} label @param {HTMLElement} value @param {string} [more] @returns {HTMLElement} */
function line(label, value, more = "") {
  const extra = more ? [element("span", { class: "extra" }, more)] : [];
  return element("div", { class: "pin-line" }, element("dt", {}, label), element("dd", {}, value, ...extra));
}

/** @param {Answer} answer @param {Needs} map @returns {HTMLElement[]} that the picture is one of the run's own, if it is */
function same({ copy, heldOut }, { rows }) {
  if (!copy) return [];
  const name = copy.number < rows.points.n ? rows.facts(copy.number).id : "a training image";
  const judged = heldOut ? " It is judged as that image was: by a classifier that had not seen it." : "";
  return [element("p", { class: "guest-copy" }, `This is ${name} of this run.${judged}`)];
}

/** @param {Answer} answer @returns {HTMLElement[]} how unusual it is */
function gauge({ percentile, among, unusual }) {
  if (!among) return [];
  const share = percent(percentile / 100);
  const farther = percentile >= 100 ? `than any of ${counted(among, "judged image")} from its own` : `than ${share} of ${counted(among, "judged image")} from theirs`;
  const needle = element("i");
  needle.style.left = `${Math.min(percentile, 100)}%`;
  const scale = element("div", { class: "guest-gauge", role: "img", "aria-label": `Percentile ${share} of 100%; beyond ${UNUSUAL} it is unusual`, "data-unusual": unusual }, needle);
  const words = element("p", {}, `Farther from its nearest training images ${farther}.`);
  const warning = unusual ? [element("p", { class: "guest-unusual" }, "Nothing like this was in the training images.")] : [];
  return [element("h3", {}, "How unusual"), ...warning, scale, words];
}

/** @param {Answer} answer @param {Needs} map @returns {HTMLElement[]} */
function agreement({ votes, agree, voters, predicted }, map) {
  if (!votes.length) return [];
  const others = votes.filter(([label]) => label !== predicted);
  const told = others.slice(0, 3).map(([label, count]) => `${count} ${classMark(label, map)?.name ?? "of no class"}`);
  const rest = others.slice(3).reduce((sum, [, count]) => sum + count, 0);
  const all = [...told, ...(rest ? [`${rest} of other classes`] : [])].join(", ");
  const first = predicted === null ? "" : `${agree} of its ${counted(voters, "nearest training image")} ${agree === 1 ? "is" : "are"} ${classMark(predicted, map)?.name}`;
  return [element("p", { class: "guest-agree" }, [first, all].filter(Boolean).join("; ") + ".")];
}

/** @param {Answer} answer @param {Needs} map @returns {HTMLElement[]} decision values of all classes */
function classes({ classes: listed, predicted }, map) {
  if (predicted === null || listed.length < 2) return [];
  const most = Math.max(...listed.map(([, , value]) => Math.abs(value ?? 0))) || 1;
  const name = classMark(predicted, map)?.name;
  const rows = listed.slice(1, LISTED + 1).map(([label, votes, value]) => bar(label, votes, value ?? NaN, most, map));
  const left = listed.length - 1 - rows.length;
  const note = `Decision values of ${name} against each class, the lowest first: above 0 ${name} wins.${left > 0 ? ` Not shown: ${counted(left, "class", "classes")}.` : ""} They look sure of strangers, too.`;
  return [element("h3", {}, "Against every other class"), element("ul", { class: "guest-values" }, ...rows), element("p", {}, note)];
}

/** @param {number} label @param {number} votes @param {number} value @param {number} most @param {Needs} map @returns {HTMLElement} */
function bar(label, votes, value, most, map) {
  const mark = classMark(label, map);
  const filled = element("i");
  filled.style.width = `${(Math.abs(value) / most) * 100}%`;
  filled.style.background = mark?.paint ?? "transparent";
  const words = element("b", {}, signed(value), ...(value < 0 ? [" ", element("small", {}, "lost")] : []));
  return element("li", { title: `${counted(votes, "vote")}` }, markOf(mark), element("span", { class: "track" }, filled), words);
}

/** @param {Answer} answer @param {Needs} map @returns {HTMLElement[]} its nearest images: of the map, and of those learnt from */
function near({ shown, taught }, map) {
  const { n } = map.rows.points;
  const others = taught.filter(({ number }) => number >= n);
  const lists = [element("h3", {}, "Nearest on the map"), strip(shown, map)];
  return others.length ? [...lists, element("h3", {}, "Nearest training images"), strip(taught, map)] : lists;
}

/** @param {Near[]} images @param {Needs} map @returns {HTMLElement} */
function strip(images, map) {
  return element("ol", { class: "near-strip" }, ...images.map((one) => element("li", {}, nearTile(one, map))));
}

/** @param {Near} image @param {Needs} map @returns {HTMLElement} */
function nearTile({ number, label, distance: apart }, map) {
  const { rows } = map;
  const told = [classMark(label, map)?.name ?? "no class", `distance ${distance(apart)}`];
  if (number < rows.points.n) return tile("near-tile", rows.facts(number), SIZE, [rows.facts(number).id, ...told]);
  const url = new URL(address(rows.data.guests?.images ?? ""));
  url.searchParams.set("row", String(number));
  url.searchParams.set("scale", "small");
  const made = element("span", { class: "near-tile", title: told.join("\n") }, element("img", { src: url.href, alt: told.join(", "), width: SIZE, height: SIZE }));
  made.style.setProperty("--mark", classMark(label, map)?.paint ?? "transparent");
  return made;
}

/** @param {Answer} answer @returns {HTMLElement[]} how far its place is to be trusted */
function placed({ place, kept, of, copy }) {
  if (!place) return [];
  const words = copy ? "It lies where that image lies." : "Every other point stays where it is.";
  return [element("p", { class: "guest-place" }, `${words} The map keeps ${kept} of its ${counted(of, "nearest image")} near it.`)];
}
