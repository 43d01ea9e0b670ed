/** @file Runs jobs side by side, each in a process of its own. */

/** A job under way. */
export interface Running<Result> {
  /** Rejects when the job fails. */
  readonly result: Promise<Result>;
  /** Ends the job at once; resolves when nothing of it runs any more. */
  kill(): Promise<void>;
}

/**
 * Runs `jobs` in order, at most `workers` at a time, and returns their results in the order of the jobs.
 * When a job fails or `signal` is aborted, no further job is started, those under way are killed, and the
 * promise rejects (with the job's error or the signal's reason) after the last one has ended.
 */
export async function runQueue<Job, Result>(
  jobs: readonly Job[],
  workers: number,
  start: (job: Job) => Running<Result>,
  signal: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = new Array(jobs.length);
  const underWay = new Set<Running<Result>>();
  let next = 0;

  const work = async (): Promise<void> => {
    while (next < jobs.length) {
      signal.throwIfAborted();
      const index = next++;
      const running = start(jobs[index]!);
      underWay.add(running);
      try {
        results[index] = await running.result;
      } finally {
        underWay.delete(running);
      }
    }
  };
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    const all = Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work));
    await Promise.race([all, aborted]);
  } catch (error) {
    next = jobs.length;
    await Promise.all([...underWay].map((running) => running.kill()));
    throw error;
  }
  return results;
}
