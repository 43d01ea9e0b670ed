import { expect, it } from "vitest";
import { type Running, runQueue } from "../../src/experiments/run-queue.js";

const never = new AbortController().signal;
const limits = (maxParallel: number, memoryBudget = 100, memoryOf: (job: number) => number = () => 1) => ({
  maxParallel,
  memoryBudget,
  memoryOf,
});

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
  const end = async (job: number, how: "finish" | "fail" = "finish") => {
    endings.get(job)![how]();
    await turn();
  };
  return { record, start, end };
}

it("returns what came of the jobs in their order, and keeps to the number of them", async () => {
  const { record, start, end } = fakeJobs();
  const outcomes = runQueue([0, 1, 2, 3, 4], limits(2), start, never);
  for (const job of [1, 2, 0, 4, 3]) await end(job);
  expect(await outcomes).toEqual(
    [0, 1, 2, 3, 4].map((job) => ({ status: "fulfilled", value: `result ${job}` })),
  );
  expect(record).toMatchObject({ mostAtOnce: 2, killed: [] });
});

it("goes on where a job fails", async () => {
  const { record, start, end } = fakeJobs();
  const outcomes = runQueue([0, 1, 2], limits(1), start, never);
  await end(0, "fail");
  await end(1);
  await end(2);
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(record.killed).toEqual([]);
});

it("keeps to the memory, and lets a job that needs more go alone", async () => {
  const { record, start, end } = fakeJobs();
  const needs = [60, 30, 30, 500, 10];
  const outcomes = runQueue(
    [0, 1, 2, 3, 4],
    limits(8, 100, (job) => needs[job]!),
    start,
    never,
  );
  expect(record.started).toEqual([0, 1]);
  await end(0);
  expect(record.started).toEqual([0, 1, 2]);
  await end(1);
  expect(record.started).toEqual([0, 1, 2]);
  await end(2);
  expect(record.started).toEqual([0, 1, 2, 3]);
  await end(3);
  await end(4);
  expect(await outcomes).toHaveLength(5);
});

it("kills what is under way and starts no more when it is stopped", async () => {
  const { record, start } = fakeJobs();
  const controller = new AbortController();
  const outcomes = runQueue([0, 1, 2], limits(2), start, controller.signal);
  controller.abort(new Error("stop"));
  await expect(outcomes).rejects.toThrow("stop");
  expect(record.killed).toEqual([0, 1]);
  await turn();
  expect(record.started).toEqual([0, 1]);
});

it("has nothing to do without jobs, and does nothing once it is stopped", async () => {
  const { record, start } = fakeJobs();
  expect(await runQueue([], limits(2), start, never)).toEqual([]);
  await expect(runQueue([0], limits(2), start, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  expect(record.started).toEqual([]);
});
