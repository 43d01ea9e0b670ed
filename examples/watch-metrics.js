/**
 * @file Follows a run by its events, and ends it when a condition of the program's own holds.
 *
 *     node examples/watch-metrics.js [MODEL_FOLDER] [OUTPUT_FOLDER]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { train } from "one-token-rollout";

const [model = "demo/base-model", output = "out/watch-metrics"] = process.argv.slice(2);

const dataset = join(output, "rows.jsonl");
const rows = ["rain", "stone", "light", "river"].map((word) => ({ text: `${word} and ${word}` }));
await mkdir(output, { recursive: true });
await writeFile(dataset, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

let isGoodEnough = false;

const result = await train(
  {
    modelNameOrPath: model,
    dataset,
    outputDir: join(output, "model"),
    lossType: "otr",
    nllCoef: 1,
    learningRate: 1e-3,
    maxSteps: 200,
    loggingSteps: 10,
  },
  {
    // The events are the union TrainEvent; the metrics of a step are a line of metrics.jsonl.
    onEvent(event) {
      if (event.type === "start") console.log(`${event.totalSteps} steps over ${event.rows} rows`);
      if (event.type !== "step" || event.metrics === null) return;
      const { step, nll, otr_hit_rate } = event.metrics;
      console.log(JSON.stringify({ step, nll, otr_hit_rate }));
      isGoodEnough = nll < 0.5;
    },
    // Asked after each step. A run that is stopped saves a checkpoint.
    shouldStop: () => isGoodEnough,
  },
);
console.log(`${result.status} after ${result.steps} steps: ${result.outputDir}`);
