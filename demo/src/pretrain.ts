/**
 * @file `npm run demo:pretrain`: makes the base model in `demo/base-model` with the package's own trainer.
 * docs/demonstration.md explains the recipe; the same machine and build give the same bytes.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { initModel, parseModelConfig, saveModel, train, type TrainInput } from "one-token-rollout";
import { baseModelConfig, baseModelFiles, baseModelFolder } from "./base-model.js";
import { ownMaterial } from "./comparison.js";
import { measure } from "./measure.js";
import { drawPackedRow } from "./pretraining-lines.js";
import { Random } from "./random.js";
import { Exit, parseOptions, runProgram, withWorkFolder } from "./session.js";
import { tokenizerConfig, tokenizerJson } from "./tokenizer.js";

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
const PASSES = [
  { lines: "pre-training lines", steps: 4000, learningRate: 2e-3 },
  { lines: "more pre-training lines", steps: 3000, learningRate: 1.5e-3 },
] as const;
type Pass = (typeof PASSES)[number];
const ROWS_PER_STEP = 32;
/** The first character of a row is only read, every other one is a target: 72 targets. */
const CHARACTERS_PER_ROW = 73;
const LOGGING_STEPS = 100;
/** Fixed, because the number of threads decides the order of additions and so the last bits of the weights. */
const THREADS = 1;

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
  await withWorkFolder(async (workFolder, signal) => {
    const dataset = join(workFolder, "lines.jsonl");
    let model = join(workFolder, "untrained");
    await writeUntrainedModel(model, seed);
    for (const [index, pass] of PASSES.entries()) {
      const trained = join(workFolder, `trained-${index + 1}`);
      writeLines(dataset, pass);
      await trainModel(pass, { model, dataset, trained }, signal);
      model = trained;
    }
    copyModel(model, options.output);
  });
  console.log(`Made ${options.output} in ${seconds(start)} s.`);
  await printAccuracy(options.output);
  return 0;
}

async function writeUntrainedModel(folder: string, seed: number): Promise<void> {
  const writeJson = (name: string, content: object) =>
    writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  const { bos_token_id, eos_token_id, pad_token_id } = baseModelConfig;
  mkdirSync(folder);
  writeJson("tokenizer.json", tokenizerJson());
  writeJson("tokenizer_config.json", tokenizerConfig());
  writeJson("generation_config.json", { bos_token_id, eos_token_id, pad_token_id });
  const model = initModel(parseModelConfig(baseModelConfig), { seed });
  try {
    await saveModel(model, folder);
  } finally {
    model.dispose();
  }
}

function writeLines(path: string, { lines, steps }: Pass): void {
  const random = new Random(lines);
  const rows = Array.from({ length: steps * ROWS_PER_STEP }, () =>
    JSON.stringify({ text: drawPackedRow(random, CHARACTERS_PER_ROW) }),
  );
  writeFileSync(path, `${rows.join("\n")}\n`);
}

async function trainModel(
  { steps, learningRate }: Pass,
  { model, dataset, trained }: { model: string; dataset: string; trained: string },
  signal: AbortSignal,
): Promise<void> {
  const config: TrainInput = {
    modelNameOrPath: model,
    dataset,
    outputDir: trained,
    trainSamplingStrategy: "sequential",
    // Cuts the newline that would otherwise be added after a row's unfinished last line.
    maxLength: CHARACTERS_PER_ROW,
    lossType: "nll",
    perDeviceTrainBatchSize: ROWS_PER_STEP,
    maxSteps: steps,
    learningRate,
    lrSchedulerType: "cosine_with_min_lr",
    lrSchedulerKwargs: { minLrRate: 0.03 },
    warmupSteps: 150,
    adamBeta1: 0.9,
    adamBeta2: 0.98,
    weightDecay: 0.05,
    maxGradNorm: 1,
    bf16: false,
    gradientCheckpointing: false,
    device: "cpu",
    numThreads: THREADS,
    loggingSteps: LOGGING_STEPS,
  };
  const start = performance.now();
  await train(config, {
    shouldStop: () => signal.aborted,
    onEvent: (event) => {
      if (event.type !== "step" || !event.metrics) return;
      const { step, totalSteps, metrics } = event;
      console.log(`step ${step}/${totalSteps}  loss ${metrics.loss.toFixed(4)}  ${seconds(start)} s`);
    },
  });
  signal.throwIfAborted();
}

function copyModel(trained: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of baseModelFiles) cpSync(join(trained, name), join(folder, name));
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
