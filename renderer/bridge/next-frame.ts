/** A window in the background draws no frames, and is told all the same. */
const longestWaitMs = 100;

/** Runs a task right before the next frame is drawn: once, however much arrives until then. */
export function inNextFrame(task: () => void): void {
  if (typeof requestAnimationFrame === 'undefined') return task();
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    task();
  };
  const timer = setTimeout(once, longestWaitMs);
  requestAnimationFrame(once);
}
