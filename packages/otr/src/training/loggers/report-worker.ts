/**
 * @file A worker thread that follows `metrics.jsonl` and delivers its lines; `run-reporter.ts` starts it. Steps keep the
 * main thread busy for seconds or minutes, in which no connection and no time limit would hold there.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { RunStatus } from "../run-files.js";
import { openDeliveries, type ReportSetting } from "./deliveries.js";
import type { Delivery, DeliveryNotice, DeliveryOutcome } from "./delivery.js";

/** The end of the run, and how many milliseconds are left for what is to be told of it. */
export interface FinishRequest {
  readonly status: RunStatus;
  readonly patience: number;
}

export type ReportMessage = { readonly notice: DeliveryNotice } | { readonly outcomes: DeliveryOutcome[] };

/** Milliseconds between two looks at the file. */
const INTERVAL = 1000;

const port = parentPort!;
const setting: ReportSetting = workerData;
const send = (message: ReportMessage) => port.postMessage(message);
const deliveries = openDeliveries(setting, (notice) => send({ notice }));
const finishing = new Promise<FinishRequest>((resolve) => port.once("message", resolve));
const isFinishing = new AbortController();

async function follow(delivery: Delivery): Promise<DeliveryOutcome> {
  while (!isFinishing.signal.aborted) {
    await delivery.deliver();
    // Not by a race with `finishing`, which would keep something of every second of the run.
    await pause(INTERVAL, undefined, isFinishing).catch(() => {});
  }
  return delivery.finish((await finishing).status);
}

async function giveUp(delivery: Delivery): Promise<DeliveryOutcome> {
  await pause((await finishing).patience);
  return delivery.outcome;
}

void finishing.then(() => isFinishing.abort());
const outcomes = deliveries.map(async (delivery) => {
  const outcome = await Promise.race([follow(delivery), giveUp(delivery)]);
  delivery.close();
  return outcome;
});
send({ outcomes: await Promise.all(outcomes) });
port.close();
