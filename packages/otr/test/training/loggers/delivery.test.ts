import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Delivery, type DeliveryNotice } from "../../../src/training/loggers/delivery.js";
import { DeliveryRecord } from "../../../src/training/loggers/delivery-record.js";
import type { Logger, OpenLogger } from "../../../src/training/loggers/logger.js";
import { cutBack, loggedRun, makeRunFolder, measure, RUN_ID } from "./run-folder.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** A logger that keeps the values by step and kind, and fails while `broken` holds. */
function makeLogger() {
  const seen = new Map<string, unknown>();
  const froms: (number | null)[] = [];
  const calls: number[][] = [];
  const ends: string[] = [];
  const state = { broken: null as Error | null, hangs: false, isAsked: false, attempts: 0, closed: 0 };
  const logger: Logger = {
    place: "somewhere",
    async log(lines) {
      state.isAsked = true;
      if (state.hangs) await new Promise(() => {});
      if (state.broken) throw state.broken;
      calls.push(lines.map(({ values }) => values.step));
      for (const { values } of lines) seen.set(`${values.step} ${Object.keys(values)}`, values);
    },
    async finish(status) {
      if (state.broken) throw state.broken;
      ends.push(status);
    },
    close() {
      state.closed += 1;
    },
  };
  const open: OpenLogger = async (_, kept, from) => {
    state.attempts += 1;
    if (state.broken) throw state.broken;
    kept.opened = String(Number(kept.opened ?? 0) + 1);
    froms.push(from);
    return logger;
  };
  return { open, seen, froms, calls, ends, state };
}

function makeDelivery(folder: string, open: OpenLogger, findLoss = (): string | null => null) {
  const notices: DeliveryNotice[] = [];
  const record = DeliveryRecord.open(folder, RUN_ID);
  const tell = (notice: DeliveryNotice) => void notices.push(notice);
  const delivery = new Delivery({
    name: "mlflow",
    kind: { open, findLoss },
    run: loggedRun(folder),
    record,
    tell,
  });
  return { delivery, notices, record };
}

it("delivers what is there, once, and tells how the run ended", async () => {
  const folder = makeRunFolder();
  const logger = makeLogger();
  const { delivery, notices } = makeDelivery(folder, logger.open);
  await delivery.deliver();
  measure(folder, 1, 4);
  await delivery.deliver();
  await delivery.deliver();
  measure(folder, 5, 6);
  expect(await delivery.finish("completed")).toEqual({ name: "mlflow", missing: 0, reason: null });
  expect(logger.calls).toEqual([
    [1, 2, 3, 4, 4],
    [5, 6],
  ]);
  expect(logger.ends).toEqual(["completed"]);
  expect(notices).toEqual([{ name: "mlflow", place: "somewhere" }]);
});

it("waits for the rest of a line that is being written", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 2);
  appendFileSync(join(folder, "metrics.jsonl"), '{"step": 3, "lo');
  const logger = makeLogger();
  const { delivery } = makeDelivery(folder, logger.open);
  await delivery.deliver();
  appendFileSync(join(folder, "metrics.jsonl"), 'ss": 0.25}\n');
  await delivery.deliver();
  expect(logger.calls).toEqual([[1, 2], [3]]);
});

it("says a failure once, tries again ever more rarely, and loses nothing", async () => {
  const folder = makeRunFolder();
  const logger = makeLogger();
  const { delivery, notices } = makeDelivery(folder, logger.open);
  measure(folder, 1, 5);
  await delivery.deliver();
  logger.state.broken = new Error("status 500");
  for (let step = 6; step <= 205; step++) {
    measure(folder, step, step);
    vi.advanceTimersByTime(1000);
    await delivery.deliver();
  }
  // After 1, 2, 4, 8, 16, 32, 60 and 60 seconds.
  expect(logger.state.attempts).toBe(9);
  logger.state.broken = null;
  expect(delivery.outcome).toEqual({ name: "mlflow", missing: 250, reason: "status 500" });
  vi.advanceTimersByTime(60_000);
  await delivery.deliver();
  expect(delivery.outcome).toEqual({ name: "mlflow", missing: 0, reason: "no answer in time" });
  expect((await delivery.finish("completed")).reason).toBeNull();
  // The last step that it had comes again, and with it the step that it is opened for.
  expect(logger.froms).toEqual([null, 5]);
  expect(logger.calls.flat().filter((step) => step > 5)).toHaveLength(250);
  expect(logger.seen.size).toBe(256);
  expect(Math.max(...logger.calls.map((steps) => steps.length))).toBeLessThanOrEqual(200);
  expect(notices).toEqual([
    { name: "mlflow", place: "somewhere" },
    { name: "mlflow", failure: "status 500" },
  ]);
});

it("gives up a logger that does not answer, and opens it anew", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  const logger = makeLogger();
  logger.state.hangs = true;
  const { delivery } = makeDelivery(folder, logger.open);
  const delivered = delivery.deliver();
  while (!logger.state.isAsked) await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(60_000);
  await delivered;
  expect(delivery.outcome).toEqual({ name: "mlflow", missing: 3, reason: "no answer within 60 s" });
  expect(logger.state.closed).toBe(1);
  logger.state.hangs = false;
  await vi.advanceTimersByTimeAsync(1000);
  await delivery.deliver();
  expect(logger.calls).toEqual([[1, 2, 3]]);
});

it("goes on in a later process with the last step that the logger has", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 8);
  const first = makeLogger();
  const { delivery } = makeDelivery(folder, first.open);
  await delivery.deliver();
  measure(folder, 9, 10);
  const later = makeLogger();
  const again = makeDelivery(folder, later.open);
  await again.delivery.deliver();
  expect(later.froms).toEqual([8]);
  expect(later.calls).toEqual([[8, 8, 9, 10]]);
  expect(again.record.entry("mlflow")).toEqual({ delivered: 12, state: { opened: "2" } });
});

it("gives all lines again where the logger finds that what it had is gone, and says so", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  await makeDelivery(folder, makeLogger().open).delivery.deliver();
  const later = makeLogger();
  const { delivery, notices } = makeDelivery(folder, later.open, () => "a file was removed");
  expect(await delivery.finish("completed")).toMatchObject({ missing: 0, reason: null });
  expect([later.froms, later.calls]).toEqual([[null], [[1, 2, 3]]]);
  expect(notices).toEqual([
    { name: "mlflow", loss: "a file was removed" },
    { name: "mlflow", place: "somewhere" },
  ]);
});

it("goes on behind the end of a file that a resumed run has cut back", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 12);
  await makeDelivery(folder, makeLogger().open).delivery.deliver();
  cutBack(folder, 6);
  measure(folder, 7, 7);
  const later = makeLogger();
  const { delivery } = makeDelivery(folder, later.open);
  await delivery.deliver();
  expect(later.froms).toEqual([7]);
  expect(later.calls).toEqual([[7]]);
  measure(folder, 8, 9);
  await delivery.deliver();
  expect(later.calls).toEqual([[7], [8, 8, 9]]);
  expect(delivery.outcome).toMatchObject({ missing: 0 });
});

it("bears a folder that goes away", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  const logger = makeLogger();
  const { delivery } = makeDelivery(folder, logger.open);
  await delivery.deliver();
  rmSync(folder, { recursive: true });
  const { reason } = await delivery.finish("completed");
  expect(reason).toContain("does not hold this run any more");
});

it("leaves a folder alone that another run has since", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  const logger = makeLogger();
  const { delivery } = makeDelivery(folder, logger.open);
  await delivery.deliver();
  writeFileSync(join(folder, "run.json"), JSON.stringify({ run_id: "another", status: "running" }));
  rmSync(join(folder, "loggers.json"));
  measure(folder, 4, 6);
  vi.advanceTimersByTime(60_000);
  await delivery.deliver();
  expect((await delivery.finish("completed")).reason).toContain("does not hold this run any more");
  expect([logger.calls, logger.ends]).toEqual([[[1, 2, 3]], []]);
  expect(existsSync(join(folder, "loggers.json"))).toBe(false);
});

it("says that the end of the run did not arrive", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 3);
  const logger = makeLogger();
  const { delivery } = makeDelivery(folder, logger.open);
  await delivery.deliver();
  logger.state.broken = new Error("status 503");
  expect(await delivery.finish("failed")).toEqual({ name: "mlflow", missing: 0, reason: "status 503" });
});
