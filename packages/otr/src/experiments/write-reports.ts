/** @file Writes what a comparison showed, for programs and for people. */
import { join } from "node:path";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import type { ComparisonReport } from "./report.js";
import { reportMarkdown } from "./report-markdown.js";
import { reportPage } from "./report-page.js";

/** Writes `report.json`, `report.md` and `report.html` into a folder. */
export async function writeReports(report: ComparisonReport, folder: string): Promise<void> {
  const texts = {
    "report.json": `${JSON.stringify(report, null, 1)}\n`,
    "report.md": reportMarkdown(report),
    "report.html": reportPage(report),
  };
  for (const [name, text] of Object.entries(texts)) await writeFileAtomically(join(folder, name), text);
}
