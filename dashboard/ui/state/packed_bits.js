/** A bit a row as short text: deflated, in base64 for URLs. */

/** @param {Uint8Array<ArrayBuffer>} bits @returns {Promise<string>} */
export async function packBits(bits) {
  const squeezed = await through(bits, new CompressionStream("deflate-raw"), Infinity);
  let text = "";
  for (const byte of squeezed ?? []) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * @param {string} text anything
 * @param {number} n rows
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where the text is not that of n rows
 */
export async function unpackBits(text, n) {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const size = (n + 7) >> 3;
    const bits = await through(bytes, new DecompressionStream("deflate-raw"), size);
    if (bits?.length !== size) return null;
    if (n & 7) bits[size - 1] &= (1 << (n & 7)) - 1; // there are no rows beyond the last
    return bits;
  } catch {
    return null;
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 * @param {number} most bytes that may come out of it
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null if more would
 */
async function through(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
    if (size > most) {
      await reader.cancel();
      return null;
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
