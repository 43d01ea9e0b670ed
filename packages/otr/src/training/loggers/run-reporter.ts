/** @file Reports a run to its loggers while it goes on, without ever holding it up. */
import { Worker } from "node:worker_threads";
import { counted } from "../../config/format-value.js";
import { shellQuote } from "../../config/shell-quote.js";
import type { TrainConfig } from "../../config/train-options.js";
import type { TrainEvent } from "../events.js";
import type { RunStatus } from "../run-files.js";
import { tellWatcher } from "../tell-watcher.js";
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
/** Milliseconds after which it is said what the end of a run waits for. */
const UNSAID = 1000;

type ReportedConfig = Pick<TrainConfig, "outputDir" | "reportTo" | "runName" | "project">;

/** The thread that reports a run. */
export class RunReporter {
  readonly #setting: ReportSetting;
  readonly #emit: (event: TrainEvent) => void;
  /** Null: it could not be started. */
  #thread: Worker | null = null;
  /** Whether no more is expected of the thread. */
  #isOver = false;
  readonly #outcomes: Promise<readonly DeliveryOutcome[]>;
  #resolve: (outcomes: readonly DeliveryOutcome[]) => void = () => {};

  private constructor(setting: ReportSetting, emit: (event: TrainEvent) => void) {
    this.#setting = setting;
    this.#emit = emit;
    this.#outcomes = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /**
   * Begins to report the run of a folder, whose `run.json` and `metrics.jsonl` are there; lines come behind what that
   * holds now. Where that fails, as when the thread ends later, it is said, and training goes on without.
   *
   * @returns null where there is nobody to report to
   */
  static async start(
    config: ReportedConfig,
    runId: string,
    emit: (event: TrainEvent) => void,
  ): Promise<RunReporter | null> {
    const { outputDir: folder, reportTo, runName, project } = config;
    const reporter = new RunReporter({ folder, reportTo, runName, project }, emit);
    try {
      await cutBackDeliveries(folder, runId);
      if (reportTo.length > 0) reporter.#startThread();
    } catch (error) {
      reporter.#lose(error instanceof Error ? error.message : String(error));
    }
    return reportTo.length === 0 ? null : reporter;
  }

  #startThread(): void {
    const thread = new Worker(WORKER, { workerData: this.#setting });
    this.#thread = thread;
    thread.on("message", (message: ReportMessage) => {
      if ("notice" in message) tellWatcher(this.#emit, noticeEvent(message.notice));
      else {
        this.#isOver = true;
        this.#resolve(message.outcomes);
      }
    });
    thread.on("error", (error) => this.#lose(error.message));
    thread.on("exit", (code) => this.#lose(`its thread ended with exit code ${code}`));
  }

  /** Nothing is reported any more. */
  #lose(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { folder, reportTo } = this.#setting;
    this.#resolve(reportTo.map((name) => ({ name, missing: 0, reason })));
    const names = reportTo.length === 0 ? "loggers" : reportTo.join(", ");
    const message =
      `the run is not reported to ${names} any more (${reason}). Training goes on, and metrics.jsonl keeps all; ` +
      `later npx otr report ${shellQuote(folder)} hands it over.`;
    tellWatcher(this.#emit, { type: "warning", kind: "reporting_failed", message });
  }

  /**
   * Tells the loggers how the run ended.
   *
   * @param patience milliseconds after which the rest is left
   * @returns sentences about the loggers that lack something
   */
  async finish(status: RunStatus, patience: number = patienceOf(status)): Promise<string[]> {
    const request: FinishRequest = { status, patience };
    this.#thread?.postMessage(request);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly DeliveryOutcome[]>((resolve) => {
      const reason = `no answer within ${patience / 1000} s`;
      const outcomes = this.#setting.reportTo.map((name) => ({ name, missing: 0, reason }));
      timer = setTimeout(() => resolve(outcomes), patience + GRACE);
    });
    const said = setTimeout(() => this.#sayWait(patience), Math.min(UNSAID, patience));
    const outcomes = await Promise.race([this.#outcomes, late]).finally(() => {
      clearTimeout(timer);
      clearTimeout(said);
    });
    this.dispose();
    return outcomes.flatMap((outcome) => outcomeText(outcome, this.#setting.folder));
  }

  #sayWait(patience: number): void {
    const { reportTo: loggers } = this.#setting;
    tellWatcher(this.#emit, { type: "wait", loggers, seconds: Math.round(patience / 1000) });
  }

  /** Ends the thread at once. */
  dispose(): void {
    this.#isOver = true;
    void this.#thread?.terminate();
  }
}

function noticeEvent({ name, place, failure, loss }: DeliveryNotice): TrainEvent {
  if (place !== undefined) return { type: "report", logger: name, place };
  if (loss !== undefined) {
    return { type: "warning", kind: `${name}_failed`, message: lossText(name, loss) };
  }
  const message = `${name} failed (${failure}). Training goes on; it is tried again, and catches up from metrics.jsonl.`;
  return { type: "warning", kind: `${name}_failed`, message };
}

/** What is said of a logger that has lost what it was given. */
export const lossText = (name: string, loss: string): string =>
  `${loss}, so all lines of metrics.jsonl are given to ${name} again.`;

/** What a logger lacks, and the command that hands it over; nothing where it lacks nothing. */
export function outcomeText({ name, missing, reason }: DeliveryOutcome, folder: string): string[] {
  if (reason === null) return [];
  const what =
    missing > 0 ? `lacks the last ${counted(missing, "line")} of metrics.jsonl` : "was not told all";
  return [`${name} ${what} (${reason}). Later: npx otr report ${shellQuote(folder)} --report_to ${name}`];
}
