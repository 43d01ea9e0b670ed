/** @file `npm run demo:check`: holds the trainer to an independent prototype on its model, rows and questions. */
import { baseModelFolder, isModelFolder } from "./base-model.js";
import { type Bar, baseBars, claimBars, patternBars, prototypeBars } from "./bars.js";
import { ownMaterial, type Plan } from "./comparison.js";
import { missingPrototypeFiles, prototypeMaterial } from "./prototype.js";
import { cellsOf, table } from "./report.js";
import { Exit, parseOptions, runProgram } from "./session.js";
import { watchComparison } from "./watch-comparison.js";
import { wrapText } from "./wrap-text.js";

const HELP = `Runs the demonstration's settings on the model and questions of an independent prototype
(../shared, or the folder that OTR_SHARED names) over five seeds, compares every figure with
the prototype's, and checks the pattern on the repository's own base model.

usage: npm run demo:check -- [--json] [--help]

Exit status: 0 all bars passed, 1 some failed (they are listed), 2 something is missing.`;

const SEEDS = 5;

/** Every method of the prototype's noisy table; elsewhere those that the bars are about. */
const prototypePlan: Plan = {
  methods: {
    noisy: ["sft", "dft", "otrBetaZero", "otr", "otrExact"],
    clean: ["sft", "otr"],
    newSkill: ["sft", "otr"],
  },
  seeds: SEEDS,
  sampleTest: true,
};

const patternPlan: Plan = {
  methods: { noisy: ["sft", "otr"], clean: ["sft", "otr"], newSkill: ["sft", "otr"] },
  seeds: 3,
  sampleTest: false,
};

async function check(): Promise<number> {
  const options = parseOptions({
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  });
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const missing = missingPrototypeFiles();
  if (!isModelFolder(baseModelFolder)) missing.push(baseModelFolder);
  if (missing.length > 0) {
    throw new Exit(2, `The check needs ${missing.join(" and ")}; OTR_SHARED may name the reference folder.`);
  }

  console.error("On the prototype's base model, rows and questions:");
  const runs = await watchComparison(prototypeMaterial(), prototypePlan);
  console.error("On the repository's own base model:");
  const ownRuns = await watchComparison(ownMaterial, patternPlan);

  const cells = cellsOf(runs);
  const bars = [...baseBars(cells), ...claimBars(runs), ...prototypeBars(cells), ...patternBars(ownRuns)];
  const failed = bars.filter((bar) => !bar.passed);
  if (options.json) {
    console.log(JSON.stringify({ prototype: cells, own: cellsOf(ownRuns), bars }, null, 2));
  } else {
    console.log(`On the prototype's base model:\n\n${table(cells)}\n`);
    console.log(`On the repository's own base model:\n\n${table(cellsOf(ownRuns))}\n`);
    console.log(bars.map(line).join("\n"));
    console.log(
      failed.length === 0
        ? `\nAll ${bars.length} bars passed.`
        : `\n${failed.length} of ${bars.length} bars failed.`,
    );
  }
  return failed.length === 0 ? 0 : 1;
}

const line = (bar: Bar): string => wrapText(`${bar.passed ? "passed" : "FAILED"}  ${bar.text}`, "        ");

await runProgram(check);
