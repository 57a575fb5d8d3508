/** The curve of accuracy against C that is a slider: entry point of the component that `dashboard/components/penalty_curve.py` mounts. */

import { mounting } from "../session/mounting.js";
import { markup, style } from "./curve_shell.js"; // made of curve.html and curve.css by dashboard/server/ui_bundle.py
import { PenaltyCurve } from "./penalty_curve.js";

export default mounting(markup, [style], (root, data) => new PenaltyCurve(root, data));
