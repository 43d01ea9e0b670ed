import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { train, type TrainEvent, type TrainInput } from "one-token-rollout";
import type { RunSpecification, TrainingSpecification } from "./run-specification.js";
import { budget } from "./settings.js";
import type { Item } from "./skills.js";
import { NEWLINE } from "./tokenizer.js";

/**
 * Fine-tunes the base model on the rows of `training`, with the budget that every run has and one thread.
 *
 * @param onProgress hears what share of the steps, 0 to 1, is done.
 * @returns the folder of the finished model, inside the work folder, and the seconds that the steps took.
 */
export async function fineTune(
  { baseModel, workFolder }: Pick<RunSpecification, "baseModel" | "workFolder">,
  { rows, method, learningRate, seed }: TrainingSpecification,
  onProgress: (share: number) => void,
): Promise<{ folder: string; seconds: number }> {
  const dataset = join(workFolder, "train.jsonl");
  writeFileSync(dataset, trainingFile(rows));

  const { title: _, ...objective } = method;
  const config: TrainInput = {
    modelNameOrPath: baseModel,
    dataset,
    outputDir: join(workFolder, "model"),
    ...objective,
    learningRate,
    lrSchedulerType: "linear",
    warmupSteps: budget.warmupSteps,
    perDeviceTrainBatchSize: budget.batchSize,
    numTrainEpochs: budget.epochs,
    maxGradNorm: 1,
    weightDecay: 0,
    bf16: false,
    gradientCheckpointing: false,
    device: "cpu",
    numThreads: 1,
    seed,
    loggingSteps: budget.steps,
  };
  let start = performance.now();
  let end = start;
  const onEvent = (event: TrainEvent) => {
    if (event.type === "start") start = performance.now();
    if (event.type !== "step") return;
    end = performance.now();
    onProgress(event.step / event.totalSteps);
  };
  const { outputDir } = await train(config, { onEvent });
  return { folder: outputDir, seconds: (end - start) / 1000 };
}

/** The rows as JSONL. The newline, begin and end token of the model, stands around each of them. */
export const trainingFile = (rows: readonly Item[]): string =>
  rows
    .map(({ prompt, answer }) => JSON.stringify({ prompt: NEWLINE + prompt, completion: answer + NEWLINE }))
    .map((line) => `${line}\n`)
    .join("");
