/**
 * What a part may use of the map, by name. A part takes `Uses<"view" | "rows">` and nothing else: tsc refuses the rest.
 * The map (`map/embedding_map.js`) has all of them and hands itself out under the narrower type.
 */

import type { Thumbnails } from "../render/atlas.js";
import type { Camera } from "../space/camera.js";
import type { Data } from "../data/source.js";
import type { Entry } from "./parts.js";
import type { Attributes as AttributeList } from "../rows/attributes.js";
import type { Frame as FrameElements } from "./frame.js";
import type { Appearance as AppearanceOwner } from "./appearance.js";
import type { Arrangement as Layouts } from "./arrangement.js";
import type { Drawing as DrawingOwner } from "./drawing.js";
import type { EmbeddingMap } from "./embedding_map.js";
import type { FlipRows } from "../rows/flip_rows.js";
import type { Groups } from "../data/attributes.js";
import type { Lighting as LightingOwner } from "../rows/lighting.js";
import type { Looking as LookingOwner } from "./looking.js";
import type { Navigation as CameraMoves } from "./navigation.js";
import type { Rows as RowsOwner } from "../rows/rows.js";
import type { FullScreen } from "../input/full_screen.js";
import type { SelectedRows } from "../rows/selected_rows.js";
import type { Tools as ToolsOwner } from "./tools.js";
import type { TestMarks } from "../dom/test_marks.js";
import type { ViewStore } from "../state/view_store.js";

/** To Python. */
export type Send = (name: string, value: unknown) => void;

/** What the viewer looks at, as one value. */
export type View = Pick<ViewStore, "value" | "set">;

/** What Python and the files say of the images: `points` in the order of rows, `columns` and `ids` once they are there. */
export type Rows = Pick<RowsOwner, "data" | "points" | "columns" | "ids" | "facts">;

/** `lit`: 1 where filters and legend leave a row; `passing`: where the filters alone do; `count`: how many are lit. */
export type Lighting = Pick<LightingOwner, "lit" | "passing" | "count">;

/** The selected rows, or null; `made`: what of the view they were found for; lit ones are selected by a list, by a shape, or all. */
export type Selection = Pick<SelectedRows, "selected" | "made" | "select" | "selectInside" | "selectLit">;

/** Where the points are in the layout in use: `places`, `grid` to find the nearest, `shown` also on the way to another layout. */
export type Arrangement = Pick<Layouts, "places" | "grid" | "shown" | "name">;

/** Moves the camera; `lead` without telling the map that moves with it; `reveal` brings a row into view; `takeArrival`: whether it has come to where it was sent since that was asked last. */
export type Navigation = Pick<CameraMoves, "move" | "lead" | "glideTo" | "zoomAt" | "zoomBy" | "home" | "reveal" | "takeArrival">;

/** The row looked at, or -1; look at another, show it (in view, too), pin or unpin it. */
export type Looking = Pick<LookingOwner, "row" | "look" | "show" | "pin">;

/** What a drag does, and how a gesture changes the selection; parts hear "tool". */
export type Tools = Pick<ToolsOwner, "tool" | "mode" | "use" | "modeFor" | "toggleMode" | "toggleHelp">;

/** The picture of the points, and what is drawn above them. */
export type Drawing = Pick<DrawingOwner, "picture" | "frame" | "overlay" | "drawOverlay" | "reach">;

/** The page's colours, and what classes, outcomes and margins are painted in. */
export type Appearance = Pick<AppearanceOwner, "theme" | "paints">;

/** What is known of each image: `list` of it; `choices`: what the points can be coloured by; `all` asks for what is not there. */
export type Attributes = Pick<AttributeList, "list" | "choices" | "find" | "all">;

/** Which images the classifier in use fixes and breaks; parts hear "flips". */
export type Flips = Pick<FlipRows, "known">;

/** Full screen; parts hear "screen". */
export type Screen = Pick<FullScreen, "isFull" | "toggle">;

/** The elements on the page, and a line said over the map: "" takes it away. */
export type Frame = Pick<FrameElements, "root" | "stage" | "say">;

/** What only tests and benchmarks read. */
export type Marks = Pick<TestMarks, "note" | "begin" | "end">;

/** What surrounds the map. */
export interface Surroundings {
  parts: Entry[];
  /** What rows can be coloured by here alone. */
  groups: Groups | null;
  /** What fills the screen. */
  screen: HTMLElement;
  atlas(data: Data, onLoad: () => void): Thumbnails;
  /** Other points: the view to begin with is to be found, and the map to be opened with it. */
  begin(data: Data): void;
  /** Python says something of the same images; `linked`: from now on the address is about their points. */
  hear(data: Data, linked?: boolean): void;
  /** The view may be another one. */
  changed(): void;
  /** A file has come. */
  arrived?(): void;
  /** The viewer has moved this map's camera, and it is not drawn yet. */
  travelled?(): void;
  /** The wheel was turned over the map without a key, and scrolls the page; missing: no page scrolls here, the map has the wheel. */
  scrolledPast?(): void;
  /** Goes to another page, where an image is shown. */
  leaveFor?(page: "confusion" | "errors" | "overview", row: number): void;
  /** The address, as a link to the view. */
  link?(): Promise<string>;
}

export interface Capabilities {
  view: View;
  rows: Rows;
  lighting: Lighting;
  selection: Selection;
  arrangement: Arrangement;
  camera: Camera;
  navigation: Navigation;
  looking: Looking;
  tools: Tools;
  drawing: Drawing;
  appearance: Appearance;
  atlas: Thumbnails;
  attributes: Attributes;
  flips: Flips;
  screen: Screen;
  frame: Frame;
  marks: Marks;
  page: Pick<Surroundings, "groups" | "leaveFor" | "link" | "scrolledPast">;
  send: Send;
  /** Aborted when the map is closed, and its elements go: what a part has outside of them ends with it. */
  signal: AbortSignal;
}

/** Some of the capabilities. */
export type Uses<Name extends keyof Capabilities> = Pick<Capabilities, Name>;

/** What surroundings may use. */
export type Surrounded = Capabilities & Pick<EmbeddingMap, "attributes" | "open" | "ready" | "begin" | "changed">;
