/** @file Makes a base model: a random one is trained on generated lines, with the package's own trainer. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { initModel, parseModelConfig, saveModel, train, type TrainInput } from "one-token-rollout";
import { baseModelFiles } from "./base-model.js";
import { type DrawLine, drawPackedRow } from "./pretraining-lines.js";
import { Random } from "./random.js";
import { NEWLINE_ID, PAD_ID, tokenizerConfig, tokenizerJson } from "./tokenizer.js";

/** A pass over fresh lines, with a learning-rate schedule of its own. */
export interface Pass {
  /** Names the stream of lines. */
  readonly lines: string;
  readonly steps: number;
  readonly learningRate: number;
}

/** How a base model is made. */
export interface BaseModelRecipe {
  /** The contents of `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Decides the initial weights. */
  readonly seed: number;
  readonly passes: readonly Pass[];
  readonly drawLine: DrawLine;
  /** Whether matrices are multiplied in bfloat16. */
  readonly bf16: boolean;
}

/** What making a base model is given beside its recipe. */
export interface MakingOptions {
  /** An empty folder for lines and unfinished models. */
  readonly workFolder: string;
  /** Where the finished model goes. */
  readonly output: string;
  readonly signal: AbortSignal;
  /** Hears of progress, a line at a time. */
  readonly log: (line: string) => void;
}

const ROWS_PER_STEP = 32;
/** The first character of a row is only read, every other one is a target: 72 targets. */
const CHARACTERS_PER_ROW = 73;
const LOGGING_STEPS = 100;
/** Fixed, because the number of threads decides the order of additions and so the last bits of the weights. */
const THREADS = 1;

/** Trains a model from its initial weights, pass after pass, and puts it into `output` in Hugging Face's layout. */
export async function makeBaseModel(recipe: BaseModelRecipe, options: MakingOptions): Promise<void> {
  const { workFolder, output } = options;
  const dataset = join(workFolder, "lines.jsonl");
  let model = join(workFolder, "untrained");
  await writeUntrainedModel(model, recipe);
  for (const [index, pass] of recipe.passes.entries()) {
    const trained = join(workFolder, `trained-${index + 1}`);
    writeLines(dataset, pass, recipe.drawLine);
    await trainModel(pass, { model, dataset, trained, bf16: recipe.bf16 }, options);
    model = trained;
  }
  mkdirSync(output, { recursive: true });
  for (const name of baseModelFiles) cpSync(join(model, name), join(output, name));
}

async function writeUntrainedModel(folder: string, { config, seed }: BaseModelRecipe): Promise<void> {
  const writeJson = (name: string, content: object) =>
    writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  mkdirSync(folder);
  writeJson("tokenizer.json", tokenizerJson());
  writeJson("tokenizer_config.json", tokenizerConfig());
  writeJson("generation_config.json", {
    bos_token_id: NEWLINE_ID,
    eos_token_id: NEWLINE_ID,
    pad_token_id: PAD_ID,
  });
  const model = initModel(parseModelConfig(config), { seed });
  try {
    await saveModel(model, folder);
  } finally {
    model.dispose();
  }
}

function writeLines(path: string, { lines, steps }: Pass, drawLine: DrawLine): void {
  const random = new Random(lines);
  const rows = Array.from({ length: steps * ROWS_PER_STEP }, () =>
    JSON.stringify({ text: drawPackedRow(random, CHARACTERS_PER_ROW, drawLine) }),
  );
  writeFileSync(path, `${rows.join("\n")}\n`);
}

async function trainModel(
  { steps, learningRate }: Pass,
  { model, dataset, trained, bf16 }: { model: string; dataset: string; trained: string; bf16: boolean },
  { signal, log }: MakingOptions,
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
    bf16,
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
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      log(`step ${step}/${totalSteps}  loss ${metrics.loss.toFixed(4)}  ${seconds} s`);
    },
  });
  signal.throwIfAborted();
}
