/** The embedding map: entry point of the component that `dashboard/components/embedding_map.py` mounts. */

import { EmbeddingMap } from "./embedding_map.js";
import { markup, style } from "./map_shell.js"; // made of map.html and the map's style sheets by dashboard/server/ui_bundle.py
import { mounting } from "../session/mounting.js";

export default mounting(markup, [style], (root, data) => new EmbeddingMap(root, data));
