import { describe, expect, it } from "vitest";
import { type Running, runQueue } from "../src/run-queue.js";

const never = new AbortController().signal;

/** A job that ends after some turns of the event loop, and a record of what ran and was killed. */
function fakeJobs(options: { failing?: number } = {}) {
  const record = { started: [] as number[], killed: [] as number[], underWay: 0, mostAtOnce: 0 };
  const start = (job: number): Running<string> => {
    record.started.push(job);
    record.underWay++;
    record.mostAtOnce = Math.max(record.mostAtOnce, record.underWay);
    let kill = (): void => {};
    const result = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(
        () => {
          record.underWay--;
          if (job === options.failing) reject(new Error(`job ${job} failed`));
          else resolve(`result ${job}`);
        },
        // Later jobs end sooner, so that the order of results is no accident.
        20 - job,
      );
      kill = () => {
        clearTimeout(timer);
        record.underWay--;
        record.killed.push(job);
        reject(new Error("killed"));
      };
    });
    return { result, kill: async () => kill() };
  };
  return { record, start };
}

describe("runQueue", () => {
  it("returns results in the order of the jobs and keeps to the number of workers", async () => {
    const { record, start } = fakeJobs();
    const results = await runQueue([0, 1, 2, 3, 4], 2, start, never);
    expect(results).toEqual([0, 1, 2, 3, 4].map((job) => `result ${job}`));
    expect(record.mostAtOnce).toBe(2);
    expect(record.killed).toEqual([]);
  });

  it("rejects with the error of the job that fails, kills the others and starts no more", async () => {
    const { record, start } = fakeJobs({ failing: 1 });
    await expect(runQueue([0, 1, 2, 3], 2, start, never)).rejects.toThrow("job 1 failed");
    expect(record.killed).toEqual([0]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(record.started).toEqual([0, 1]);
    expect(record.underWay).toBe(0);
  });

  it("starts no more even when a job succeeds after another has failed", async () => {
    const started: number[] = [];
    const start = (job: number): Running<string> => {
      started.push(job);
      let finish = (_: string): void => {};
      const result =
        job === 0
          ? Promise.reject(new Error("failed"))
          : new Promise<string>((resolve) => (finish = resolve));
      return { result, kill: async () => finish("in time") };
    };
    await expect(runQueue([0, 1, 2], 2, start, never)).rejects.toThrow("failed");
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(started).toEqual([0, 1]);
  });

  it("kills everything when it is aborted", async () => {
    const { record, start } = fakeJobs();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 5);
    await expect(runQueue([0, 1, 2, 3], 2, start, controller.signal)).rejects.toThrow("enough");
    expect(record.killed).toEqual([0, 1]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(record.started).toEqual([0, 1]);
  });

  it("starts nothing when it is aborted before", async () => {
    const { record, start } = fakeJobs();
    await expect(runQueue([0], 2, start, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    expect(record.started).toEqual([]);
  });
});
