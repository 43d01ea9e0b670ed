/**
 * @file `npm run demo:pretrain`: makes the base model in `demo/base-model` with the package's own trainer.
 * docs/demonstration.md explains the recipe; the same machine and build give the same bytes.
 */
import { baseModelConfig, baseModelFolder } from "./base-model.js";
import { ownMaterial } from "./comparison.js";
import { makeBaseModel, type Pass } from "./make-base-model.js";
import { measure } from "./measure.js";
import { lineDrawer } from "./pretraining-lines.js";
import { Exit, parseOptions, runProgram, withWorkFolder } from "./session.js";

const HELP = `Makes the demonstration's base model with 7,000 training steps on generated lines (half
an hour), puts it into demo/base-model, and prints what it can do.

usage: npm run demo:pretrain -- [options]

  --seed N       decides the initial weights
  --output DIR   another place for the model
  --help         this text`;

const SEED = "1";
/**
 * Two passes, each with fresh lines and a schedule of its own. After the first the worked additions are not learned by
 * every seed; the second makes them a skill that the model has in part.
 */
const PASSES: readonly Pass[] = [
  { lines: "pre-training lines", steps: 4000, learningRate: 2e-3 },
  { lines: "more pre-training lines", steps: 3000, learningRate: 1.5e-3 },
];

async function pretrain(): Promise<number> {
  const options = parseOptions({
    seed: { type: "string", default: SEED },
    output: { type: "string", default: baseModelFolder },
    help: { type: "boolean", default: false },
  });
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const seed = Number(options.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new Exit(2, `--seed is "${options.seed}", but must be a whole number from 0.`);
  }
  const start = performance.now();
  const recipe = { config: baseModelConfig, seed, passes: PASSES, drawLine: lineDrawer(), bf16: false };
  await withWorkFolder((workFolder, signal) =>
    makeBaseModel(recipe, { workFolder, output: options.output, signal, log: console.log }),
  );
  console.log(`Made ${options.output} in ${seconds(start)} s.`);
  await printAccuracy(options.output);
  return 0;
}

async function printAccuracy(folder: string): Promise<void> {
  const evaluation = ownMaterial.evaluation("addition");
  const { accuracy, otherSkills } = await measure(folder, { evaluation, sampleTest: true }, () => {});
  const percent = (value: number | null) => `${value!.toFixed(1)} %`;
  console.log(`Three-digit addition with at most one carry: ${percent(accuracy.test)} greedily,
${percent(accuracy.sampled)} sampled at temperature 1; with two or more carries: ${percent(accuracy.hard)}.
Other skills: ${percent(accuracy.other)}`);
  for (const [skill, value] of Object.entries(otherSkills))
    console.log(`  ${skill.padEnd(6)} ${percent(value)}`);
}

const seconds = (start: number): string => ((performance.now() - start) / 1000).toFixed(0);

await runProgram(pretrain);
