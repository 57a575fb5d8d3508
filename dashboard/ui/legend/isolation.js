/**
 * Which entries of the legend are shown alone; none: all are shown.
 *
 * @param {readonly number[]} isolated
 * @param {number} index of an entry that was clicked
 * @param {boolean} too whether it joins those that are shown, or leaves them
 * @param {number} count of entries
 * @returns {number[]} it alone; all, if it was alone
 */
export function alone(isolated, index, too, count) {
  if (too && isolated.length) return muted(isolated, index, count);
  return isolated.length === 1 && isolated[0] === index ? [] : [index];
}

/**
 * Takes an entry away from those that are shown, or brings it back; the last one to go brings all back.
 *
 * @param {readonly number[]} isolated
 * @param {number} index
 * @param {number} count of entries
 * @returns {number[]} ascending
 */
export function muted(isolated, index, count) {
  const shown = isolated.length ? isolated : Array.from({ length: count }, (_, other) => other);
  const next = shown.includes(index) ? shown.filter((other) => other !== index) : [...shown, index];
  return next.length === count ? [] : next.sort((a, b) => a - b);
}
