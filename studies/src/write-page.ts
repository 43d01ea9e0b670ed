/**
 * @file Keeps the results of the comparisons that are finished, and writes the tables of docs/study.md:
 * `node studies/dist/write-page.js`.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keepResults } from "./results.js";
import { repository, studies } from "./studies.js";
import { studyPage, withTables } from "./study-page.js";
import { studyTables } from "./tables.js";

for (const { name } of studies) {
  if (existsSync(join(repository, "out/study", name, "report.json"))) keepResults(name);
}
writeFileSync(studyPage, withTables(readFileSync(studyPage, "utf8"), studyTables()));
