/** @file `npm start`: when One-Token Rollout helps, when it ties, when it loses. */
import { readOptions } from "../options.js";
import { baseModelFolder, isModelFolder } from "./base-model.js";
import { type FinishedRun, ownMaterial, type Plan } from "./comparison.js";
import { evaluationItems } from "./items.js";
import { cellsOf, disclosure, outcomeOf, sentenceFor, sideBySide, table } from "./report.js";
import { Exit, runProgram } from "./session.js";
import { budget, comparedMethods, settingNames } from "./settings.js";
import { watchComparison } from "./watch-comparison.js";
import { wrapText } from "./wrap-text.js";

const INTRODUCTION = `One-Token Rollout: when it helps, when it ties, when it loses.

${wrapText(
  `A base model of 812,160 parameters is fine-tuned on ${budget.rows} rows (${budget.steps} steps) with SFT, DFT ` +
    "and OTR, then answers questions of the trained skill (test), of its harder form (hard), and of twelve skills " +
    "that were not trained (other skills).",
)}
`;

const NEXT = `On your own data (one {"prompt": ..., "completion": ...} a line):

  npx otr train --model_name_or_path MODEL_FOLDER --dataset data.jsonl \\
    --loss_type otr --output_dir my-model`;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return Number(process.exitCode ?? 0);
  const plan = planFor(options.seeds);
  if (!isModelFolder(baseModelFolder)) {
    throw new Exit(
      1,
      `There is no base model in ${baseModelFolder}: make it with \`npm run demo:pretrain\`.`,
    );
  }
  if (!options.json) console.log(INTRODUCTION);

  const start = performance.now();
  const runs = await watchComparison(ownMaterial, plan);
  const seconds = (performance.now() - start) / 1000;
  console.log(options.json ? document(runs, seconds) : report(runs, seconds));
  return 0;
}

const planFor = (seeds: number): Plan => ({
  methods: { noisy: comparedMethods, clean: comparedMethods, newSkill: comparedMethods },
  seeds,
  sampleTest: false,
});

function report(runs: readonly FinishedRun[], seconds: number): string {
  const cells = cellsOf(runs);
  const example = sideBySide(runs, evaluationItems("addition"));
  const sentences = settingNames.map((setting) => sentenceFor(outcomeOf(runs, setting), cells));
  return [
    table(cells),
    `\nMean and standard error over the seeds; time is training alone. All in all ${seconds.toFixed(0)} s.`,
    `\nThe same hard question after fine-tuning on noisy labels (${example.prompt}${example.right}):`,
    `  SFT  ${example.prompt}${example.sft}`,
    `  OTR  ${example.prompt}${example.otr}\n`,
    ...sentences.map((sentence) => wrapText(`- ${sentence}`, "  ")),
    `\n${wrapText(disclosure)}`,
    `\n${NEXT}`,
  ].join("\n");
}

function document(runs: readonly FinishedRun[], seconds: number): string {
  return JSON.stringify(
    {
      seconds,
      cells: cellsOf(runs),
      outcomes: settingNames.map((setting) => outcomeOf(runs, setting)),
      example: sideBySide(runs, evaluationItems("addition")),
      runs: runs.map(({ setting, method, seed, result: { hardAnswers: _, ...figures } }) => ({
        setting,
        method,
        seed,
        ...figures,
      })),
    },
    null,
    2,
  );
}

await runProgram(main);
