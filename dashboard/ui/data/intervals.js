/**
 * How far a measured share may lie from the truth; `dashboard/statistics` counts the same on the server.
 */

const Z95 = 1.959963984540054; // of the normal distribution, for 95 %

/**
 * Wilson's 95 % interval (Journal of the American Statistical Association 22, 1927, 209-212).
 *
 * @param {number} correct right answers
 * @param {number} n all answers, at least one
 * @returns {[number, number]} shares between which the accuracy lies
 */
export function wilson(correct, n) {
  const share = correct / n;
  const scale = 1 + (Z95 * Z95) / n;
  const centre = (share + (Z95 * Z95) / (2 * n)) / scale;
  const half = (Z95 / scale) * Math.sqrt((share * (1 - share)) / n + (Z95 * Z95) / (4 * n * n));
  return [correct > 0 ? centre - half : 0, correct < n ? centre + half : 1];
}

/**
 * The 95 % interval of the difference of two accuracies on the same images: Agresti and Min's (Statistics in Medicine 24, 2005, 729-740).
 *
 * @param {number} fixed images that only the second has right @param {number} broke and only the first @param {number} n all images
 * @returns {[number, number]} second minus first, -1 to 1
 */
export function pairedDifference(fixed, broke, n) {
  const more = n + 2;
  const centre = (fixed - broke) / more;
  const half = (Z95 * Math.sqrt((fixed + broke + 1) / more - centre * centre)) / Math.sqrt(more);
  return [Math.max(-1, centre - half), Math.min(1, centre + half)];
}
