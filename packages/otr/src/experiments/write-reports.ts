/** @file Writes what a comparison showed, for programs and for people. */
import { join } from "node:path";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import { buildReport } from "./build-report.js";
import type { FinishedComparison } from "./finished-comparison.js";
import type { ComparisonReport } from "./report.js";

/** Writes `report.json` into the comparison's folder, and returns its content. */
export async function writeReports(comparison: FinishedComparison): Promise<ComparisonReport> {
  const report = buildReport(comparison);
  const { outputDir } = comparison.config;
  await writeFileAtomically(join(outputDir, "report.json"), `${JSON.stringify(report, null, 1)}\n`);
  return report;
}
