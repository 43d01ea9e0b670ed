/** @file Reports a run to its loggers while it goes on, without ever holding it up. */
import { Worker } from "node:worker_threads";
import { counted } from "../../config/format-value.js";
import type { LoggerName } from "../../config/logger-names.js";
import { shellQuote } from "../../config/shell-quote.js";
import type { RunStatus } from "../run-files.js";
import type { ReportSetting } from "./deliveries.js";
import type { DeliveryNotice, DeliveryOutcome } from "./delivery.js";
import { DeliveryRecord } from "./delivery-record.js";
import type { FinishRequest, ReportMessage } from "./report-worker.js";

/** Milliseconds that the end of a run waits for loggers at most. */
const PATIENCE = 15_000;
/** Milliseconds after that in which the thread has to say how things stand. */
const GRACE = 1000;

/** What a run says of a logger, once each: where it is to be seen, or that it failed. */
export interface ReportNotice {
  readonly logger: LoggerName;
  readonly message: string;
}

/** The thread that reports a run. */
export class RunReporter {
  readonly #setting: ReportSetting;
  readonly #thread: Worker;
  readonly #outcomes: Promise<readonly DeliveryOutcome[]>;

  private constructor(setting: ReportSetting, tell: (notice: ReportNotice) => void) {
    this.#setting = setting;
    const thread = new Worker(new URL("./report-worker.js", import.meta.url), { workerData: setting });
    this.#thread = thread;
    this.#outcomes = new Promise((resolve) => {
      thread.on("message", (message: ReportMessage) => {
        if ("outcomes" in message) resolve(message.outcomes);
        else tell({ logger: message.notice.name, message: noticeText(message.notice) });
      });
      const lost = (reason: string) =>
        resolve(setting.reportTo.map((name) => ({ name, missing: 0, reason })));
      thread.on("error", (error) => lost(error.message));
      thread.on("exit", (code) => lost(`the thread that reports ended with exit code ${code}`));
    });
  }

  /**
   * Begins to report the run of a folder, whose `run.json` and `metrics.jsonl` are there.
   *
   * @param goesOn whether it is a run that was reported before; otherwise what an earlier run left is forgotten
   * @returns null where there is nobody to report to
   */
  static start(
    setting: ReportSetting & { readonly goesOn: boolean },
    tell: (notice: ReportNotice) => void,
  ): RunReporter | null {
    const { goesOn, ...rest } = setting;
    if (!goesOn) DeliveryRecord.remove(setting.folder);
    return setting.reportTo.length === 0 ? null : new RunReporter(rest, tell);
  }

  /** Tells the loggers how the run ended, within bounded time; returns sentences about those that lack something. */
  async finish(status: RunStatus): Promise<string[]> {
    const request: FinishRequest = { status, patience: PATIENCE };
    this.#thread.postMessage(request);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly DeliveryOutcome[]>((resolve) => {
      const reason = `no answer within ${PATIENCE / 1000} s`;
      const outcomes = this.#setting.reportTo.map((name) => ({ name, missing: 0, reason }));
      timer = setTimeout(() => resolve(outcomes), PATIENCE + GRACE);
    });
    const outcomes = await Promise.race([this.#outcomes, late]).finally(() => clearTimeout(timer));
    void this.#thread.terminate();
    return outcomes.flatMap((outcome) => outcomeText(outcome, this.#setting.folder));
  }
}

const noticeText = ({ name, place, failure }: DeliveryNotice): string =>
  place === undefined
    ? `${name} failed (${failure}). Training goes on; it is tried again, and catches up from metrics.jsonl.`
    : `${name}: ${place}`;

/** What a logger lacks, and the command that hands it over; nothing where it lacks nothing. */
export function outcomeText({ name, missing, reason }: DeliveryOutcome, folder: string): string[] {
  if (reason === null) return [];
  const what =
    missing > 0 ? `lacks the last ${counted(missing, "line")} of metrics.jsonl` : "was not told all";
  return [`${name} ${what} (${reason}). Later: npx otr report ${shellQuote(folder)} --report_to ${name}`];
}
