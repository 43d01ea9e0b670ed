/**
 * A function that reads batches, and while the caller works on one reads the next, so that it never waits for the disk.
 * @param count how many batches there are
 * @param read starts to read a batch, from 0 to `count - 1`
 */
export function readAhead<T>(
  count: number,
  read: (batch: number) => Promise<T>,
): (batch: number) => Promise<T> {
  let ahead: { batch: number; reading: Promise<T> } | null = null;
  return (batch) => {
    const reading = ahead?.batch === batch ? ahead.reading : read(batch);
    const next = batch + 1;
    ahead = next < count ? { batch: next, reading: read(next) } : null;
    // What fails here is thrown when the batch is due, and not at all where the caller stops before.
    ahead?.reading.catch(() => {});
    return reading;
  };
}
