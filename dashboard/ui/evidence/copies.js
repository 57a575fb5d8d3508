/**
 * The images that are the same picture as the one that is looked at, or nearly: each with its class, its name and its split, and a button
 * that gives this image the copy's class.
 *
 * @typedef {{number: number, label: number, name: string, split: string, same: boolean}} Copy same: not only nearly
 * @typedef {{total: number, images: Copy[]}} Copies total: others that there are; images: the first of them
 * @typedef {{group: number[], same: number[], groups: {total: number, number: number[], label: number[], same: number[], name: string[],
 *   split: string[]}[]}} Told group, same: of each listed image; -1 where it is there once
 * @typedef {import("../verdicts/known.js").Said} Said
 * @typedef {{go: (number: number) => void, relabel: (label: number) => void, said: (number: number) => Said}} Acts
 */

import { counted, thousands } from "../data/numbers.js";
import { button, element } from "../dom/element.js";

const SHOWN = 3;

/** @param {Told | null} told @param {number} image @param {number} i its place in the list @returns {Copies | null} null: there is no other */
export function copiesOf(told, image, i) {
  const group = told?.groups[told.group[i]];
  if (!told || !group) return null;
  const every = group.number.map((number, j) => ({
    number,
    label: group.label[j],
    name: group.name[j],
    split: group.split[j],
    same: group.same[j] >= 0 && group.same[j] === told.same[i],
  }));
  const others = every.filter(({ number }) => number !== image);
  return { total: group.total - 1, images: [...others.filter(({ same }) => same), ...others.filter(({ same }) => !same)] };
}

/**
 * What becomes of copies by what people have said: one that is left out is no copy any more, and one that is relabelled stands in its new class.
 *
 * @param {Copies} copies @param {string[]} names @param {(number: number) => Said} said @returns {Copies}
 */
export function afterwards({ total, images }, names, said) {
  const left = images.filter(({ number }) => said(number).verdict !== "excluded");
  const now = left.map((copy) => ({ ...copy, label: said(copy.number).judged ? names.indexOf(said(copy.number).judged) : copy.label }));
  return { total: total - images.length + left.length, images: now };
}

/** @param {number[]} labels @param {string[]} names @returns {string} "tools", "tools and toys" */
function listed(labels, names) {
  return labels.map((label) => names[label]).join(" and ");
}

/** @param {Copies} copies @param {number} given @param {string[]} names @returns {string} */
export function headingOf({ total, images }, given, names) {
  const same = images.filter((copy) => copy.same);
  const others = [...new Set(same.map(({ label }) => label))].filter((label) => label >= 0 && label !== given);
  if (others.length) return `The same picture stands in class ${listed(others, names)}`;
  if (same.length) return total === 1 ? "The same picture, with the same label" : `The same picture, or nearly, ${counted(total, "time")} more`;
  return total === 1 ? "Nearly the same picture" : `Nearly the same picture, ${thousands(total)} times`;
}

/**
 * @param {Copies} copies @param {number} given @param {{names: string[], colours: string[]}} run
 * @param {import("./pictures.js").Pictures} pictures @param {(number: number) => boolean} isListed @param {Acts} acts
 * @returns {HTMLElement}
 */
export function copiesElement(copies, given, { names, colours }, pictures, isListed, acts) {
  const now = afterwards(copies, names, acts.said);
  const rows = now.images.slice(0, SHOWN).map((copy) => {
    const { number, label, name, split, same } = copy;
    const place = element("span", { class: "small" });
    const { image, come } = pictures.get(number);
    come.then(() => place.append(image.isConnected ? image.cloneNode() : image));
    const class_ = element("b", {}, element("i", { style: `background: ${colours[label] ?? "transparent"}` }), ` ${names[label] ?? "no class"}`);
    const words = element("span", { class: "words" }, class_, element("span", { class: "name", title: name }, name), element("span", {}, same ? split : `${split}, nearly the same`));
    const look = button({ class: "copy", "data-number": number, disabled: !isListed(number), title: isListed(number) ? "Look at this copy" : "" }, place, words);
    look.addEventListener("click", () => acts.go(number));
    const row = element("div", { class: "row" }, look);
    if (same && label >= 0 && label !== given) {
      const mend = button({ class: "mend", "data-label": label, "data-saves": "" }, `Relabel as ${names[label]}`);
      mend.addEventListener("click", () => acts.relabel(label));
      row.append(mend);
    }
    return row;
  });
  if (!rows.length) return element("div", { class: "copies" }, element("h2", {}, "Its copies are excluded"));
  const more = now.total - rows.length;
  const rest = more > 0 ? [element("p", {}, `And ${counted(more, "more copy", "more copies")}.`)] : [];
  const host = element("div", { class: "copies" }, element("h2", {}, headingOf(now, given, names)), ...rows, ...rest);
  host.addEventListener("click", (event) => event.detail > 1 && event.stopPropagation(), true); // the second of two quick ones was meant for the image before
  return host;
}
