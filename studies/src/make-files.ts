/** @file Writes the rows, items and tasks of the study to `studies/data`: `node studies/dist/make-files.js`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "./studies.js";
import { studyFiles } from "./study-files.js";

for (const [path, text] of studyFiles()) {
  const file = join(repository, "studies/data", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
