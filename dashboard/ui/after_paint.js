/**
 * Calls back once the next frame is on its way to the screen: for what may follow what the viewer waits for.
 *
 * @param {() => void} callback
 * @returns {() => void} gives it up
 */
export function afterPaint(callback) {
  const { port1, port2 } = new MessageChannel(); // its message comes once the frame is out
  port1.onmessage = () => {
    port1.close();
    callback();
  };
  const request = requestAnimationFrame(() => port2.postMessage(null));
  return () => {
    cancelAnimationFrame(request);
    port1.close();
  };
}
