/**
 * Calls back once the next frame is on its way to the screen, and whatever else waited for it has been answered: for
 * what may follow what the viewer waits for.
 *
 * @param {() => void} callback
 * @returns {() => void} gives it up
 */
export function afterPaint(callback) {
  const { port1, port2 } = new MessageChannel(); // its message comes once the frame is out
  let timer = 0;
  port1.onmessage = () => {
    port1.close();
    timer = window.setTimeout(callback, 0);
  };
  const request = requestAnimationFrame(() => port2.postMessage(null));
  return () => {
    cancelAnimationFrame(request);
    clearTimeout(timer);
    port1.close();
  };
}
