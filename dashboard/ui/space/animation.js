/** Moves things over a few frames, or at once for those who asked for less motion. */

const GLIDE = 180; // milliseconds

/** @returns {boolean} */
export function prefersStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * @param {number} duration milliseconds
 * @param {(share: number) => void} step called in every frame with the share of the way, at last with 1; slow at the end
 * @returns {() => void} stops it
 */
export function animate(duration, step) {
  const begin = performance.now();
  const length = prefersStill() ? 0 : duration;
  let frame = 0;
  const next = () => {
    const share = length ? Math.min((performance.now() - begin) / length, 1) : 1;
    step(share === 1 ? 1 : 1 - (1 - share) ** 3);
    if (share < 1) frame = requestAnimationFrame(next);
  };
  next();
  return () => cancelAnimationFrame(frame);
}

/**
 * @param {import("./camera.js").Camera} camera
 * @param {{x: number, y: number, zoom: number}} goal
 * @param {(moving: boolean) => void} draw called at every step; moving: it is not the last one
 * @returns {() => void} stops it
 */
export function glide(camera, goal, draw) {
  const from = { x: camera.x, y: camera.y, zoom: camera.zoom };
  return animate(GLIDE, (share) => {
    camera.zoom = from.zoom * (goal.zoom / from.zoom) ** share;
    camera.x = from.x + (goal.x - from.x) * share;
    camera.y = from.y + (goal.y - from.y) * share;
    draw(share < 1);
  });
}
