/** Gives the viewer a file, and makes names for files. */

const ENDINGS = /** @type {Record<string, string>} */ ({
  "text/csv": "csv",
  "application/zip": "zip",
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
});
const LONGEST = 120; // characters of a name

/** @param {Blob} content @param {string} name */
export function save(content, name) {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser may ask first where to put it
}

/**
 * @param {string} run its name @param {string} what for example "2845 images" @param {string} ending of the file
 * @returns {string} for example "lazybones-cifar10-2845-images.csv": no system has trouble with its letters
 */
export function fileName(run, what, ending) {
  const plain = (/** @type {string} */ words) => words.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
  const name = plain(run).slice(0, LONGEST);
  return `${["lazybones", name, plain(what)].filter(Boolean).join("-")}.${ending}`;
}

/** @param {Blob} content @returns {string} the ending that goes with its type */
export function endingOf({ type }) {
  return ENDINGS[type.split(";")[0].trim()] ?? "bin";
}

/** @param {Blob} content @returns {string} for example "3.4 MB" */
export function sizeOf({ size }) {
  if (size < 1000) return `${size} bytes`;
  return size < 999_500 ? `${Math.round(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}
