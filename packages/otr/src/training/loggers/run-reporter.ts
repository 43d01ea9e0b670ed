/** @file Reports a run to its loggers while it goes on, without ever holding it up. */
import { Worker } from "node:worker_threads";
import { counted } from "../../config/format-value.js";
import { shellQuote } from "../../config/shell-quote.js";
import type { TrainConfig } from "../../config/train-options.js";
import type { TrainEvent } from "../events.js";
import type { RunStatus } from "../run-files.js";
import type { ReportSetting } from "./deliveries.js";
import type { DeliveryNotice, DeliveryOutcome } from "./delivery.js";
import { cutBackDeliveries } from "./delivery-record.js";
import type { FinishRequest, ReportMessage } from "./report-worker.js";

/** Compiled, whether this file is or not: a thread runs JavaScript. The path is the same from `src` and `dist`. */
const WORKER = new URL("../../../dist/training/loggers/report-worker.js", import.meta.url);

/** Milliseconds that the end of a run waits for loggers at most: one that is stopped may soon be killed. */
const patienceOf = (status: RunStatus): number => (status === "completed" ? 15_000 : 5000);
/** Milliseconds after that in which the thread has to say how things stand. */
const GRACE = 1000;

type ReportedConfig = Pick<TrainConfig, "outputDir" | "reportTo" | "runName" | "project">;

/** The thread that reports a run. */
export class RunReporter {
  readonly #setting: ReportSetting;
  readonly #thread: Worker;
  readonly #outcomes: Promise<readonly DeliveryOutcome[]>;

  private constructor(setting: ReportSetting, emit: (event: TrainEvent) => void) {
    this.#setting = setting;
    const tell = (event: TrainEvent) => {
      try {
        emit(event);
      } catch {
        // Thrown from here it would end the process. A watcher that fails does so at the next step again.
      }
    };
    const thread = new Worker(WORKER, { workerData: setting });
    this.#thread = thread;
    this.#outcomes = new Promise((resolve) => {
      thread.on("message", (message: ReportMessage) => {
        if ("outcomes" in message) resolve(message.outcomes);
        else tell(noticeEvent(message.notice));
      });
      const lost = (reason: string) =>
        resolve(setting.reportTo.map((name) => ({ name, missing: 0, reason })));
      thread.on("error", (error) => lost(error.message));
      thread.on("exit", (code) => lost(`the thread that reports ended with exit code ${code}`));
    });
  }

  /**
   * Begins to report the run of a folder, whose `run.json` and `metrics.jsonl` are there; lines come behind what that
   * holds now.
   *
   * @returns null where there is nobody to report to
   */
  static async start(
    config: ReportedConfig,
    runId: string,
    emit: (event: TrainEvent) => void,
  ): Promise<RunReporter | null> {
    const { outputDir: folder, reportTo, runName, project } = config;
    await cutBackDeliveries(folder, runId);
    return reportTo.length === 0 ? null : new RunReporter({ folder, reportTo, runName, project }, emit);
  }

  /**
   * Tells the loggers how the run ended.
   *
   * @param patience milliseconds after which the rest is left
   * @returns sentences about the loggers that lack something
   */
  async finish(status: RunStatus, patience: number = patienceOf(status)): Promise<string[]> {
    const request: FinishRequest = { status, patience };
    this.#thread.postMessage(request);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly DeliveryOutcome[]>((resolve) => {
      const reason = `no answer within ${patience / 1000} s`;
      const outcomes = this.#setting.reportTo.map((name) => ({ name, missing: 0, reason }));
      timer = setTimeout(() => resolve(outcomes), patience + GRACE);
    });
    const outcomes = await Promise.race([this.#outcomes, late]).finally(() => clearTimeout(timer));
    this.dispose();
    return outcomes.flatMap((outcome) => outcomeText(outcome, this.#setting.folder));
  }

  /** Ends the thread at once. */
  dispose(): void {
    void this.#thread.terminate();
  }
}

function noticeEvent({ name, place, failure }: DeliveryNotice): TrainEvent {
  if (place !== undefined) return { type: "report", logger: name, place };
  const message = `${name} failed (${failure}). Training goes on; it is tried again, and catches up from metrics.jsonl.`;
  return { type: "warning", message };
}

/** What a logger lacks, and the command that hands it over; nothing where it lacks nothing. */
export function outcomeText({ name, missing, reason }: DeliveryOutcome, folder: string): string[] {
  if (reason === null) return [];
  const what =
    missing > 0 ? `lacks the last ${counted(missing, "line")} of metrics.jsonl` : "was not told all";
  return [`${name} ${what} (${reason}). Later: npx otr report ${shellQuote(folder)} --report_to ${name}`];
}
