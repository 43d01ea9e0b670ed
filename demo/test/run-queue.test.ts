import { describe, expect, it } from "vitest";
import { type Running, runQueue } from "../src/run-queue.js";

const never = new AbortController().signal;

/** Resolves after everything that is ready to go on has gone on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Jobs that end when they are told to, and a record of what ran and was killed. */
function fakeJobs() {
  const record = { started: [] as number[], killed: [] as number[], underWay: 0, mostAtOnce: 0 };
  const endings = new Map<number, { finish(): void; fail(): void }>();
  const start = (job: number): Running<string> => {
    record.started.push(job);
    record.underWay++;
    record.mostAtOnce = Math.max(record.mostAtOnce, record.underWay);
    let kill = (): void => {};
    const result = new Promise<string>((resolve, reject) => {
      const end = (how: () => void) => () => {
        record.underWay--;
        how();
      };
      endings.set(job, {
        finish: end(() => resolve(`result ${job}`)),
        fail: end(() => reject(new Error(`job ${job} failed`))),
      });
      kill = end(() => {
        record.killed.push(job);
        reject(new Error("killed"));
      });
    });
    return { result, kill: async () => kill() };
  };
  const finish = async (job: number) => {
    endings.get(job)!.finish();
    await turn();
  };
  return { record, start, finish, fail: (job: number) => endings.get(job)!.fail() };
}

describe("runQueue", () => {
  it("returns results in the order of the jobs and keeps to the number of workers", async () => {
    const { record, start, finish } = fakeJobs();
    const results = runQueue([0, 1, 2, 3, 4], 2, start, never);
    for (const job of [1, 2, 0, 4, 3]) await finish(job);
    expect(await results).toEqual([0, 1, 2, 3, 4].map((job) => `result ${job}`));
    expect(record.mostAtOnce).toBe(2);
    expect(record.killed).toEqual([]);
  });

  it("rejects with the error of the job that fails, kills the others and starts no more", async () => {
    const { record, start, fail } = fakeJobs();
    const results = runQueue([0, 1, 2, 3], 2, start, never);
    fail(1);
    await expect(results).rejects.toThrow("job 1 failed");
    expect(record.killed).toEqual([0]);
    await turn();
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
    await turn();
    expect(started).toEqual([0, 1]);
  });

  it("kills everything when it is aborted", async () => {
    const { record, start } = fakeJobs();
    const controller = new AbortController();
    const results = runQueue([0, 1, 2, 3], 2, start, controller.signal);
    controller.abort(new Error("enough"));
    await expect(results).rejects.toThrow("enough");
    expect(record.killed).toEqual([0, 1]);
    await turn();
    expect(record.started).toEqual([0, 1]);
  });

  it("starts nothing when it is aborted before", async () => {
    const { record, start } = fakeJobs();
    await expect(runQueue([0], 2, start, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    expect(record.started).toEqual([]);
  });
});
