/**
 * The shapes of markers, as distances and as SVG paths: a class is told by its shape where colours do not suffice.
 *
 * @typedef {(x: number, y: number) => number} Distance from the edge of a marker of radius 1, negative inside; y downwards
 * @typedef {{name: string, path: string, distance: Distance}} Shape path: for the viewBox `SHAPE_BOX`, fill-rule evenodd
 * @typedef {[number, number]} Corner
 */

/** The SVG viewBox that the paths are drawn in. */
export const SHAPE_BOX = "-1.4 -1.4 2.8 2.8";

const HOLE = 0.5; // radius of a ring's hole

/** @param {Corner[]} corners @returns {Distance} */
function polygonDistance(corners) {
  return (x, y) => {
    let least = Infinity;
    let inside = false;
    for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
      const [ax, ay, bx, by] = [corners[i][0], corners[i][1], corners[j][0], corners[j][1]];
      const [ex, ey, wx, wy] = [bx - ax, by - ay, x - ax, y - ay];
      const along = Math.min(Math.max((wx * ex + wy * ey) / (ex * ex + ey * ey), 0), 1);
      least = Math.min(least, (wx - ex * along) ** 2 + (wy - ey * along) ** 2);
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * ex) inside = !inside;
    }
    return (inside ? -1 : 1) * Math.sqrt(least);
  };
}

/** @param {Corner[]} corners @returns {string} */
function polygonPath(corners) {
  return `M${corners.map(([x, y]) => `${x.toFixed(3)} ${y.toFixed(3)}`).join("L")}Z`;
}

/** @param {number} radius @returns {string} */
function circlePath(radius) {
  return `M${-radius} 0A${radius} ${radius} 0 1 1 ${radius} 0A${radius} ${radius} 0 1 1 ${-radius} 0Z`;
}

/** @param {string} name @param {Corner[]} corners @returns {Shape} */
function polygon(name, corners) {
  return { name, path: polygonPath(corners), distance: polygonDistance(corners) };
}

/**
 * @param {number} count of corners
 * @param {number} first angle of the first, in turns; 0 is up
 * @param {number} outer radius of every corner, of every second one where there is `inner`
 * @param {number} [inner]
 * @returns {Corner[]}
 */
function around(count, first, outer, inner = outer) {
  return Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * (first + i / count);
    const radius = i % 2 ? inner : outer;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

/** @param {number} reach of the arms @param {number} half their half width @param {number} turn in turns @returns {Corner[]} */
function arms(reach, half, turn) {
  const [sin, cos] = [Math.sin(2 * Math.PI * turn), Math.cos(2 * Math.PI * turn)];
  const upright = [
    [half, reach], [half, half], [reach, half], [reach, -half], [half, -half], [half, -reach],
    [-half, -reach], [-half, -half], [-reach, -half], [-reach, half], [-half, half], [-half, reach],
  ]; // prettier-ignore
  return upright.map(([x, y]) => [x * cos - y * sin, x * sin + y * cos]);
}

/** @type {Shape[]} of about equal weight to the eye; neighbours in the list differ most */
export const SHAPES = [
  { name: "disc", path: circlePath(1), distance: (x, y) => Math.hypot(x, y) - 1 },
  polygon("square", around(4, 1 / 8, 1.25)),
  polygon("triangle", around(3, 0, 1.4)),
  polygon("cross", arms(1.3, 0.4, 1 / 8)),
  {
    name: "ring",
    path: circlePath(1.15) + circlePath(HOLE),
    distance: (x, y) => Math.abs(Math.hypot(x, y) - (1.15 + HOLE) / 2) - (1.15 - HOLE) / 2,
  },
  polygon("diamond", around(4, 0, 1.35)),
  polygon("plus", arms(1.3, 0.4, 0)),
  polygon("triangle down", around(3, 1 / 2, 1.4)),
  polygon("star", around(10, 0, 1.45, 0.62)),
  polygon("bow tie", [[-1.35, -1.15], [1.35, 1.15], [1.35, -1.15], [-1.35, 1.15]]), // prettier-ignore
];

/** Index of the shapes that say right and wrong. */
export const DISC = 0;
export const CROSS = 3;

/** @param {number} label of a class @returns {number} index of its shape: they begin anew after the last */
export function shapeOf(label) {
  return label % SHAPES.length;
}
