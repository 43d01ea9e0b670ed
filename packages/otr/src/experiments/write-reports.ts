/** @file Writes what a comparison showed, for programs and for people. */
import { join } from "node:path";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import { buildReport } from "./build-report.js";
import type { FinishedComparison } from "./finished-comparison.js";
import type { ComparisonReport } from "./report.js";
import { reportMarkdown } from "./report-markdown.js";
import { reportPage } from "./report-page.js";

/** Writes `report.json`, `report.md` and `report.html` into the comparison's folder; returns the content of the first. */
export async function writeReports(comparison: FinishedComparison): Promise<ComparisonReport> {
  const report = buildReport(comparison);
  const { outputDir } = comparison.config;
  const texts = {
    "report.json": `${JSON.stringify(report, null, 1)}\n`,
    "report.md": reportMarkdown(report),
    "report.html": reportPage(report),
  };
  for (const [name, text] of Object.entries(texts)) await writeFileAtomically(join(outputDir, name), text);
  return report;
}
