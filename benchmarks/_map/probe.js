/**
 * Runs in every frame of a page that `benchmarks.map` opens, before the page's own scripts: notes when points are first
 * on a large canvas, how long a pointer's move takes to be painted, and how long frames take. The same for every map.
 */
(() => {
  const canvases = new Set(); // weak references: what the page lets go of must go
  const known = new WeakSet();
  const SIDE = 64; // pixels of the small copy that is looked at
  const SHARE = 0.01; // of its pixels that must be something else than the commonest colour
  const PATIENCE = 30_000; // milliseconds
  const small = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });

  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, options) {
    if (!canvases.size) requestAnimationFrame(waitForPoints);
    if (!known.has(this)) canvases.add(new WeakRef(this));
    known.add(this);
    const kept = kind.startsWith("webgl") ? { ...options, preserveDrawingBuffer: true } : options; // to be copied from
    return getContext.call(this, kind, kept);
  };

  /** @returns {Uint32Array | null} a small copy of all large canvases, one upon the other */
  function look() {
    small.clearRect(0, 0, SIDE, SIDE);
    let large = 0;
    for (const reference of canvases) {
      const canvas = reference.deref();
      if (!canvas) canvases.delete(reference);
      if (!canvas?.isConnected) continue;
      const { width, height } = canvas.getBoundingClientRect();
      if (width < 200 || height < 150 || !canvas.width || !canvas.height) continue;
      small.drawImage(canvas, 0, 0, SIDE, SIDE);
      large++;
    }
    return large ? new Uint32Array(small.getImageData(0, 0, SIDE, SIDE).data.buffer) : null;
  }

  /** @param {Uint32Array | null} pixels @returns {boolean} whether there are points */
  function hasPoints(pixels) {
    if (!pixels) return false;
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return Math.max(...counts.values()) < pixels.length * (1 - SHARE);
  }

  const now = () => performance.timeOrigin + performance.now();

  /** @returns {Promise<number>} when the next frame has been painted */
  const painted = () =>
    new Promise((resolve) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(now());
        port2.postMessage(null);
      });
    });

  function waitForPoints() {
    if (hasPoints(look())) probe.drawnAt = now();
    else requestAnimationFrame(waitForPoints);
  }

  const probe = {
    drawnAt: 0,
    painted,
    /** @type {number[]} milliseconds from a pointer's move to the painted frame that shows what it changed */
    moves: [],
    /** @type {number[]} milliseconds from a pointer's move to the end of the script that changed something */
    worked: [],
    /** @type {number[]} milliseconds between frames */
    frames: [],
    /** @type {number[]} what an element has said of itself */
    said: [],
    released: 0,

    /** @param {Node} node whose changes are the answer to a move */
    watchMoves(node) {
      let moved = 0;
      probe.moves = [];
      probe.worked = [];
      for (const name of ["pointerrawupdate", "pointermove"]) {
        addEventListener(name, (event) => (moved = performance.timeOrigin + event.timeStamp), true);
      }
      const observer = new MutationObserver(async () => {
        if (!moved) return;
        const began = moved;
        moved = 0;
        probe.worked.push(now() - began);
        probe.moves.push((await painted()) - began);
      });
      observer.observe(node, { subtree: true, childList: true, attributes: true, characterData: true });
    },

    /** @param {() => void} act @returns {Promise<number>} milliseconds until the canvases look different, and painted */
    async change(act) {
      const before = look();
      const began = now();
      act();
      for (;;) {
        const at = await painted();
        const after = look();
        if (hasPoints(after) && after.some((pixel, index) => pixel !== before?.[index])) return at - began;
        if (at - began > PATIENCE) throw new Error("The map must change. It looks the same.");
      }
    },

    /** @param {HTMLElement} node @param {string} attribute a number that it writes again and again */
    listenTo(node, attribute) {
      probe.said = [];
      const observer = new MutationObserver(() => probe.said.push(Number(node.getAttribute(attribute))));
      observer.observe(node, { attributeFilter: [attribute] });
    },

    /** @param {HTMLElement} node @param {string} selector what must be in it, if anything; then waits for its next change */
    expect(node, selector) {
      addEventListener("pointerup", (event) => (probe.released = performance.timeOrigin + event.timeStamp), true);
      probe.expected = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error("The selection must have an answer. Got none.")), PATIENCE);
        const observer = new MutationObserver(async () => {
          if (selector && !node.querySelector(selector)) return;
          observer.disconnect();
          resolve(await painted());
        });
        observer.observe(node, { subtree: true, childList: true, attributes: true, characterData: true });
      });
    },

    /** Notes frames until `stopFrames`. */
    startFrames() {
      probe.frames = [];
      let last = 0;
      const step = (time) => {
        if (last) probe.frames.push(time - last);
        last = time;
        probe.timer = requestAnimationFrame(step);
      };
      probe.timer = requestAnimationFrame(step);
    },
    stopFrames() {
      cancelAnimationFrame(probe.timer);
      return probe.frames;
    },
  };
  globalThis.lazybonesProbe = probe;
})();
