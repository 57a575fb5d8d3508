/** Suspects judged one by one: entry point of the component that `dashboard/labels/deck.py` mounts. */

import { mounting } from "../session/mounting.js";
import { Deck } from "./deck.js";
import { markup, style } from "./labels_shell.js"; // made of labels.html and labels.css by dashboard/server/ui_bundle.py

export default mounting(markup, [style], (root, data) => new Deck(root, data));
