/**
 * @file Trains with an objective of one's own: focal loss (arXiv 1708.02002) with gamma 2, -(1 - pi_y)^2 log pi_y, its
 * factor held constant.
 *
 *     node examples/own-objective.js [MODEL_FOLDER] [OUTPUT_FOLDER]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { train } from "one-token-rollout";

const [model = "demo/base-model", output = "out/own-objective"] = process.argv.slice(2);

/**
 * An objective is a pure function of N supervised positions: their losses, and the weights w_a of a loss
 * -sum_a w_a log pi_a whose gradient they have. Its tensors live until the chunk is done; nothing has to be freed.
 *
 * @type {import("one-token-rollout").Objective}
 */
const focal = {
  lossType: "focal",
  samples: false,
  rewards: false,
  valueLossCoef: null,
  evaluate({ targetLogProbability }) {
    const doubt = targetLogProbability.exp().neg().add(1);
    const weight = doubt.mul(doubt);
    return {
      losses: weight.mul(targetLogProbability).neg(),
      weights: { total: weight, atTarget: weight, atSamples: null, dense: null },
      rollout: null,
    };
  },
};

const dataset = join(output, "rows.jsonl");
const rows = ["rain", "stone", "light", "river"].map((word) => ({ text: `${word} and ${word}` }));
await mkdir(output, { recursive: true });
await writeFile(dataset, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const { metrics } = await train(
  { modelNameOrPath: model, dataset, outputDir: join(output, "model"), learningRate: 1e-3, maxSteps: 20 },
  { objective: focal },
);
console.log(`focal loss ${metrics.loss?.toFixed(3)}, negative log-likelihood ${metrics.nll?.toFixed(3)}`);
