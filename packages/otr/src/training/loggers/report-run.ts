import { join } from "node:path";
import { z } from "zod";
import { LOGGER_NAMES, resolveLoggers } from "../../config/logger-names.js";
import type { ReportConfig } from "../../config/report-options.js";
import { DataError } from "../../errors.js";
import { withOutputFolder } from "../output-folder.js";
import { findTornLine, type TornLine } from "../read-metrics.js";
import { readRunJson } from "../run-record.js";
import { openDeliveries } from "./deliveries.js";
import type { DeliveryNotice, DeliveryOutcome } from "./delivery.js";

/** What the run's own configuration says of loggers; older runs have none of it. */
const settingSchema = z.object({
  report_to: z.array(z.enum(LOGGER_NAMES)).catch([]),
  run_name: z.string().nullable().catch(null),
  project: z.string().catch("huggingface"),
});

/** What became of a run that was handed over. */
export interface RunReport {
  readonly outcomes: readonly DeliveryOutcome[];
  /** The end of a line that a killed run did not finish, which is left out. */
  readonly torn: TornLine | null;
}

const statusSchema = z.enum(["running", "completed", "interrupted", "failed"]).catch("running");

/**
 * Hands the lines of a run, which may have ended long ago, to loggers: those that they lack, in the runs that they know
 * already where there are such.
 *
 * @throws {DataError} `NO_LOGGERS` where neither the options nor the run name any; `RUN_RECORD_INVALID`,
 *   `METRICS_INVALID`
 * @throws {RunError} `OUTPUT_DIR_IN_USE` while the run goes on
 */
export async function reportRun(
  config: ReportConfig,
  tell: (notice: DeliveryNotice) => void,
): Promise<RunReport> {
  const { outputDir: folder, runName } = config;
  const record = readRunJson(join(folder, "run.json"));
  const torn = findTornLine(join(folder, "metrics.jsonl"));
  const own = settingSchema.parse(record.config);
  const reportTo = config.reportTo.length > 0 ? resolveLoggers(config.reportTo) : own.report_to;
  if (reportTo.length === 0) {
    throw new DataError(
      "NO_LOGGERS",
      `the run in ${folder} reported to nobody, and --report_to names no logger; name one of ${LOGGER_NAMES.join(", ")}`,
    );
  }
  const setting = {
    folder,
    reportTo,
    runName: runName ?? own.run_name,
    project: config.project ?? own.project,
  };
  const status = statusSchema.parse(record.status);
  return withOutputFolder(folder, async () => {
    const outcomes = openDeliveries(setting, tell).map(async (delivery) => {
      const outcome = await delivery.finish(status);
      delivery.close();
      return outcome;
    });
    return { outcomes: await Promise.all(outcomes), torn };
  });
}
