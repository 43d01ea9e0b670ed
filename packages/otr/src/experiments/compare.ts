/** @file A comparison from its configuration to its report. */
import type { CompareConfig } from "../config/compare-options.js";
import { buildReport } from "./build-report.js";
import type { ComparisonReport } from "./report.js";
import { type ComparisonOptions, runComparison } from "./run-comparison.js";
import { writeReports } from "./write-reports.js";

/**
 * Compares objectives, or goes on with a comparison that was stopped, and writes `report.json`, `report.md` and
 * `report.html` into its `outputDir`.
 *
 * @param config as `resolveCompareConfig` makes it
 * @throws {ConfigError}, {DataError} for what is wrong with models, rows and tasks, before anything is trained
 * @throws {RunError} `OUTPUT_DIR_IN_USE`
 * @throws the signal's reason; no process is left then
 */
export async function compare(
  config: CompareConfig,
  options: ComparisonOptions = {},
): Promise<ComparisonReport> {
  const report = buildReport(await runComparison(config, options));
  await writeReports(report, config.outputDir);
  return report;
}
