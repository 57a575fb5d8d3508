/**
 * Pictures of the viewer's own: asked of the run, shown on its map and on a card beside it. Nothing of them is kept but in this tab.
 *
 * @typedef {import("../map/capabilities.js").Uses<"view" | "rows" | "arrangement" | "camera" | "looking" | "atlas" | "drawing" |
 *   "appearance" | "frame" | "signal">} Needs
 * @typedef {import("./asking.js").Guest} Guest
 */

import { Asking } from "./asking.js";
import { cardOf } from "./guest_card.js";
import { Intake } from "./intake.js";
import { Spots } from "./spots.js";
import { Disclosure } from "../dom/disclosure.js";
import { button, closest, element, find, write } from "../dom/element.js";
import { drawPictures, lookAtTiles, rowUnder } from "../cards/image_elements.js";

const LINES = 5; // nearest images that a guest is tied to
const HINT = "What does this run make of a picture of yours? Drop it on the map, paste it, or";
const HELP = [
  "How unusual: how far its three nearest training images are, against how far those of this run's own images are. Beyond the 99th hundredth nothing like it was in the training images, and its point is hollow. That finds noise, drawings among photographs, textures.",
  "It does not find a class that is new but of the same kind. No score does: in our measurements they tell 0.57 to 0.72 of such images from others, where 0.5 is chance. So nothing here says that a picture is of none of the classes.",
  "The classifier always chooses a class, and its decision values look sure of noise, too. Neither alone is enough: look at both.",
  "On the server the picture is described by the run's own network, in a process of its own, and forgotten. It and the answer stay in this tab until you close or reload it.",
];

export class Guests {
  /** @param {HTMLElement} host @param {Needs} map */
  constructor(host, map) {
    this.host = host;
    this.map = map;
    /** @type {Guest | null} whose card is shown */
    this.active = null;
    const stage = /** @type {HTMLElement} */ (map.frame.stage.parentElement);
    this.intake = new Intake(map.frame.root, stage, (files) => this.#come(files), map.signal);
    this.spots = new Spots(stage, (guest) => this.choose(guest));
    this.hint = element("p", { class: "guest-hint" });
    this.list = element("ul", { class: "guest-list", "aria-label": "Your pictures" });
    this.card = element("section", { class: "guest-card", "aria-label": "What the run says of it" });
    this.help = element("div", { class: "guest-help" }, ...HELP.map((words) => element("p", {}, words)));
    const opener = button({ class: "guest-button" }, "What these numbers tell");
    const about = element("div", { class: "guest-about" }, opener, this.help);
    host.replaceChildren(this.hint, this.intake.buttons, this.list, this.card, about);
    new Disclosure(about, opener, this.help, map.signal);
    this.asking = new Asking(map.rows.data.run, (guest) => this.changed(guest), map.signal);
    this.run = map.rows.data.run;
    lookAtTiles(this.card, (row) => map.looking.look(row));
    host.addEventListener("click", (event) => this.#press(event));
  }

  /** @param {Set<string>} changed */
  update(changed) {
    const { data } = this.map.rows;
    if (changed.has("data")) this.hear(data);
    if (changed.has("data") || changed.has("theme") || changed.has("points") || changed.has("ids")) this.fill();
    else if (changed.has("thumbnails")) drawPictures(this.card, this.map.atlas);
    if (changed.has("layout")) this.#showSpots();
  }

  /** @param {import("../data/source.js").Data} data */
  hear({ run, guests }) {
    if (run !== this.run) {
      this.asking.of(run);
      this.run = run;
      this.active = null;
    }
    this.active ??= this.asking.guests.at(-1) ?? null;
    this.intake.open = Boolean(guests && !guests.refusal);
    this.intake.buttons.hidden = !this.intake.open;
    write(this.hint, guests?.refusal ? `No picture can be asked of here. ${guests.refusal}` : HINT);
    this.asking.use(guests ?? null);
  }

  /** @param {File[]} files that the viewer brings */
  #come(files) {
    const words = this.asking.add(files);
    if (words) this.map.frame.say(words);
    this.active = this.asking.guests.at(-1) ?? null;
    this.map.view.set({ tab: "guest" });
    this.fill();
  }

  /** @param {Guest} guest of which there is news */
  changed(guest) {
    const { guests } = this.asking;
    if (!guests.includes(guest)) this.active = this.active === guest ? (guests.at(-1) ?? null) : this.active;
    if (guest.state === "answered" && guest.answer) write(find(this.map.frame.root, ".spoken"), this.lookOf(guest).words);
    if (guest === this.active || !guests.includes(guest)) this.fill();
    else this.#fillList();
  }

  /** @param {Guest} guest */
  choose(guest) {
    this.active = guest;
    this.map.view.set({ tab: "guest" });
    this.fill();
  }

  /** @param {Event} event a click */
  #press(event) {
    const pressed = closest(event, "button");
    const guest = this.asking.guests.find(({ number }) => String(number) === pressed?.dataset.guest);
    if (guest) return this.choose(guest);
    if (pressed?.dataset.do === "remove" && this.active) this.asking.remove(this.active);
    if (pressed?.dataset.do === "again" && this.active) this.asking.again(this.active);
    if (rowUnder(event) >= 0) this.map.looking.pin(rowUnder(event), { tab: "guest" });
  }

  fill() {
    this.#fillList();
    const focused = this.card.matches(":focus-within");
    this.card.hidden = !this.active;
    this.card.replaceChildren(...(this.active ? cardOf(this.active, this.map) : []));
    this.card.setAttribute("aria-busy", String(this.active?.state === "asked" || this.active?.state === "waiting"));
    drawPictures(this.card, this.map.atlas);
    if (focused) this.card.querySelector("button")?.focus({ preventScroll: true });
    this.#showSpots();
  }

  /** Which pictures there are; one alone has its card. */
  #fillList() {
    const { guests } = this.asking;
    this.host.dataset.guests = String(guests.length);
    write(find(this.map.frame.root, '[role="tab"][data-tab="guest"] .badge'), guests.length ? String(guests.length) : "");
    this.list.hidden = guests.length < 2;
    this.list.replaceChildren(...guests.map((guest) => element("li", {}, this.#entry(guest))));
    this.map.frame.root.dataset.guests = guests.map(({ state }) => state).join(" ");
  }

  /** @param {Guest} guest @returns {HTMLElement} */
  #entry(guest) {
    const { paint, words } = this.lookOf(guest);
    const picture = guest.answer ? [element("img", { src: guest.answer.picture, alt: "" })] : [guest.state === "failed" ? "!" : "…"];
    const made = button({ class: "guest-entry", "data-guest": guest.number, "aria-pressed": guest === this.active, title: words, "aria-label": words }, ...picture);
    made.style.setProperty("--mark", paint);
    made.dataset.hollow = String(guest.answer?.unusual ?? false);
    return made;
  }

  /** @param {Guest} guest @returns {{paint: string, words: string}} */
  lookOf({ file, answer, words }) {
    if (!answer) return { paint: "transparent", words: `${file.name}: ${words || "waiting"}` };
    const { class_names: names } = this.map.rows.data;
    const said = answer.predicted === null ? "" : `predicted ${names[answer.predicted]}`;
    const paint = answer.predicted === null ? this.map.appearance.theme.text : this.map.appearance.paints.classes[answer.predicted];
    const strange = answer.unusual ? "nothing like it was in the training images" : "";
    return { paint, words: `${file.name || "Picture"}: ${[said, strange].filter(Boolean).join(", ") || "placed on the map"}` };
  }

  /** They have a place where the projection puts images, and no cell of a grid. */
  #showSpots() {
    const shown = this.map.view.value.layout === "scatter" ? this.asking.guests.filter(({ answer }) => answer?.place) : [];
    this.spots.show(shown, this.active, (guest) => this.lookOf(guest));
    this.moved();
    this.map.drawing.drawOverlay();
  }

  /** The camera has moved. */
  moved() {
    this.spots.move(this.map.camera);
  }

  /** @returns {number[]} rows of the images that the one whose card is shown is tied to */
  get tied() {
    const { answer } = this.active ?? {};
    if (!answer?.place || this.map.view.value.layout !== "scatter") return [];
    const { n } = this.map.rows.points;
    return answer.shown.map(({ number }) => number).filter((row) => row < n).slice(0, LINES);
  }

  /** @returns {import("../render/overlay.js").Line[]} for the map */
  lines() {
    const [x, y] = this.active?.answer?.place ?? [0, 0];
    return this.tied.map((to) => ({ from: { x, y }, to, torn: false, width: 2 }));
  }

  /** @returns {import("../render/overlay.js").Ring[]} */
  rings() {
    return this.tied.map((row) => ({ row, reach: 2, width: 2 }));
  }
}
