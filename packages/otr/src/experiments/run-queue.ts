/** @file Runs jobs side by side, each in a process of its own, within what they may hold together. */

/** A job under way. */
export interface Running<Result> {
  /** Rejects when the job fails. */
  readonly result: Promise<Result>;
  /** Ends the job at once; resolves when nothing of it runs any more. */
  kill(): Promise<void>;
}

/** How many jobs may go side by side. */
export interface QueueLimits<Job> {
  readonly maxParallel: number;
  /** Bytes that jobs under way may hold together. One that needs more goes alone. */
  readonly memoryBudget: number;
  /** Bytes that a job will hold. */
  memoryOf(job: Job): number;
}

/**
 * Runs `jobs` in order and returns what came of each, in the order of the jobs. A job that fails stops no other. When
 * `signal` is aborted, no further job is started, those under way are killed, and the promise rejects with the signal's
 * reason after the last of them has ended.
 */
export async function runQueue<Job, Result>(
  jobs: readonly Job[],
  limits: QueueLimits<Job>,
  start: (job: Job) => Running<Result>,
  signal: AbortSignal,
): Promise<PromiseSettledResult<Result>[]> {
  signal.throwIfAborted();
  const outcomes: PromiseSettledResult<Result>[] = new Array(jobs.length);
  const underWay = new Map<Running<Result>, number>();
  let next = 0;

  const fits = (job: Job): boolean => {
    if (underWay.size === 0) return true;
    const held = [...underWay.values()].reduce((sum, bytes) => sum + bytes, 0);
    return underWay.size < limits.maxParallel && held + limits.memoryOf(job) <= limits.memoryBudget;
  };
  const finished = new Promise<void>((resolve) => {
    const startNext = (): void => {
      while (next < jobs.length && !signal.aborted && fits(jobs[next]!)) {
        const index = next++;
        const job = jobs[index]!;
        const running = start(job);
        underWay.set(running, limits.memoryOf(job));
        const settle = (outcome: PromiseSettledResult<Result>) => {
          outcomes[index] = outcome;
          underWay.delete(running);
          startNext();
        };
        running.result.then(
          (value) => settle({ status: "fulfilled", value }),
          (reason: unknown) => settle({ status: "rejected", reason }),
        );
      }
      if (underWay.size === 0 && next === jobs.length) resolve();
    };
    startNext();
  });
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([finished, aborted]);
  } catch (error) {
    await Promise.all([...underWay.keys()].map((running) => running.kill()));
    throw error;
  }
  return outcomes;
}
