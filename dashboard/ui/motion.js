/** Moves the camera over a few frames, or at once for those who asked for less motion. */

const DURATION = 180; // milliseconds

/** @returns {boolean} */
export function prefersStill() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * @param {import("./camera.js").Camera} camera
 * @param {{x: number, y: number, zoom: number}} goal
 * @param {(moving: boolean) => void} draw called at every step; moving: it is not the last one
 * @returns {() => void} stops it
 */
export function glide(camera, goal, draw) {
  const from = { x: camera.x, y: camera.y, zoom: camera.zoom };
  const begin = performance.now();
  const duration = prefersStill() ? 0 : DURATION;
  let frame = 0;
  const step = () => {
    const share = duration ? Math.min((performance.now() - begin) / duration, 1) : 1;
    const eased = 1 - (1 - share) ** 3;
    camera.zoom = from.zoom * (goal.zoom / from.zoom) ** eased;
    camera.x = from.x + (goal.x - from.x) * eased;
    camera.y = from.y + (goal.y - from.y) * eased;
    draw(share < 1);
    if (share < 1) frame = requestAnimationFrame(step);
  };
  step();
  return () => cancelAnimationFrame(frame);
}
