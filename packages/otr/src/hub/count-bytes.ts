/** Between two reports, but for the first and the last. */
const PAUSE_MILLISECONDS = 200;

/**
 * Adds up the bytes of a transfer, and reports their number at a pace that a person, or a log, can follow.
 *
 * @returns to be called with how many more bytes there are than before
 */
export function countBytes(total: number, report: (done: number) => void): (bytes: number) => void {
  let done = 0;
  let last = Number.NEGATIVE_INFINITY;
  return (bytes) => {
    done += bytes;
    const now = performance.now();
    if (done < total && now - last < PAUSE_MILLISECONDS) return;
    last = now;
    report(done);
  };
}
