/**
 * @file `node bench/otr-against-sft.js --model DIR --data FILE.jsonl`: what a step of One-Token Rollout costs beside one
 * of supervised fine-tuning.
 */
import { alternate, measure, report } from "./alternate.js";
import { oneRun, readSettings, runArguments, STEP_COSTS } from "./settings.js";

const settings = readSettings(
  [],
  "node bench/otr-against-sft.js --model DIR --data FILE.jsonl [--threads N] [--fp32]",
);
const run = (loss) => () => measure(process.execPath, [oneRun(), ...runArguments(settings, { loss })]);
const sides = { otr: run("otr"), sft: run("nll") };
sides.sft();
report(alternate(sides, Number(settings.alternations)), STEP_COSTS, settings);
