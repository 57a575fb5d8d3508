/**
 * The one way to write numbers in the browser; `dashboard/wording/numbers.py` writes the same words on the server.
 */

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0, roundingMode: "halfEven" });

/** Stands for what cannot be measured. */
export const DASH = "–";

/** @param {number} n @returns {string} how many, to the nearest whole one, for example "10,000" */
export const thousands = (n) => whole.format(n);

/**
 * @param {number} n @param {string} one what one of them is called @param {string} [many] and several
 * @returns {string} how many of what, for example "1 image"
 */
export const counted = (n, one, many = `${one}s`) => `${thousands(n)} ${n === 1 ? one : many}`;

/** @param {number} share of 0 to 1 @returns {string} for example "93.7%" */
export function percent(share) {
  const text = fixed(100 * share, 1);
  return text === DASH ? text : `${text}%`;
}

/** @param {number} low @param {number} high shares @param {(end: number) => string} [words] of one of them @returns {string} for example "91.9% to 95.1%" */
export const interval = (low, high, words = percent) => `${words(low)} to ${words(high)}`;

/** @param {number} value of 0 to 1, and no share: F1 @returns {string} for example "0.937" */
export const score = (value) => fixed(value, 3);

/** @param {number} value a margin, say @returns {string} for example "−1.25", "+0.50" or "0.00" */
export function signed(value) {
  if (!Number.isFinite(value)) return "none";
  const text = fixed(value, 2);
  return value > 0 && Number(text) ? `+${text}` : text;
}

/** @param {number} value of somebody's table @returns {string} with six digits unless it is whole, for example "1987", "0.25" or "1.2e-9" */
export function number(value) {
  if (!Number.isFinite(value)) return DASH;
  const exact = Number.isInteger(value) && Math.abs(value) < 1e15 ? value : Number(value.toPrecision(6));
  return String(exact).replace(/^-/, exact === 0 ? "" : "−");
}

/** @param {number} gain a difference of two shares @returns {string} in percentage points, for example "+1.23" */
export const points = (gain) => signed(100 * gain);

/** @param {number} value in feature space @returns {string} with three digits, for example "0.123" or "1230" */
export function distance(value) {
  const text = value.toPrecision(3);
  return text.includes("e+") ? String(Number(text)) : text;
}

/** @param {number} value @param {number} decimals @returns {string} with a true minus, and never minus nothing */
function fixed(value, decimals) {
  if (!Number.isFinite(value)) return DASH;
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}
