import { join } from "node:path";
import { z } from "zod";
import { LOGGER_NAMES, type LoggerName, resolveLoggers } from "../../config/logger-names.js";
import type { ReportConfig } from "../../config/report-options.js";
import { DataError } from "../../errors.js";
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
 * @throws {DataError} `NO_LOGGERS` where neither the options nor the run name any; `RUN_RECORD_INVALID`
 */
export async function reportRun(
  config: ReportConfig,
  tell: (notice: DeliveryNotice) => void,
): Promise<RunReport> {
  const { outputDir: folder } = config;
  const record = readRunJson(join(folder, "run.json"));
  const setting = settingSchema.parse(record.config);
  const named = resolveLoggers(config.reportTo);
  const reportTo: readonly LoggerName[] = config.reportTo.length > 0 ? named : setting.report_to;
  if (reportTo.length === 0) {
    throw new DataError(
      "NO_LOGGERS",
      `the run in ${folder} reported to nobody, and --report_to names no logger; name one of ${LOGGER_NAMES.join(", ")}`,
    );
  }
  const { runName = null, project } = config;
  const deliveries = openDeliveries(
    { folder, reportTo, runName: runName ?? setting.run_name, project: project ?? setting.project },
    tell,
  );
  const status = statusSchema.parse(record.status);
  const outcomes = await Promise.all(
    deliveries.map(async (delivery) => {
      const outcome = await delivery.finish(status);
      delivery.close();
      return outcome;
    }),
  );
  return { outcomes, torn: findTornLine(join(folder, "metrics.jsonl")) };
}
