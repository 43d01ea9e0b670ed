/**
 * @file `node bench/against-clone.js --other CLONE --model DIR --data FILE.jsonl`: this working tree and another clone of
 * the project, set up at another revision, on the same rows. Where the other has no `bench/one-run.js`, this one's is
 * copied into it.
 */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { alternate, measure, report } from "./alternate.js";
import { oneRun, readSettings, runArguments, STEP_COSTS } from "./settings.js";

const settings = readSettings(
  "node bench/against-clone.js --other CLONE --model DIR --data FILE.jsonl [--loss nll|dft|otr] [--threads N] [--device cuda] [--fp32]",
  { needed: ["other", "model", "data"] },
);
const other = oneRun(settings.other);
if (!existsSync(other)) {
  mkdirSync(dirname(other), { recursive: true });
  cpSync(oneRun(), other);
}
const sides = {
  here: () => measure(process.execPath, [oneRun(), ...runArguments(settings)]),
  other: () => measure(process.execPath, [other, ...runArguments(settings)]),
};
sides.here();
report(alternate(sides, Number(settings.alternations)), STEP_COSTS, settings);
