/** @file Ten optimizer steps of TRL on a real model, step by step: batches, learning rates, losses, norms, weights. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors, scope } from "@one-token/torch";
import { afterAll, describe, expect, it } from "vitest";
import { resolveTrainConfig } from "../../src/config/resolve-train-config.js";
import { IGNORE_INDEX } from "../../src/data/encoded-row.js";
import type { StepMetrics } from "../../src/training/events.js";
import { withPreparedRun } from "../../src/training/prepare-run.js";
import { train } from "../../src/training/train.js";
import { hasShared, shared } from "../shared.js";

interface Trajectory {
  steps: {
    learning_rate: number;
    loss: number;
    grad_norm: number;
    micro_batches: { input_ids: number[][]; labels: number[][] }[];
  }[];
}

const folder = mkdtempSync(join(tmpdir(), "otr-trajectory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LORA = "reference/trajectories/nll_lora";
/** What each trajectory trains, the file that it ends in, and the one that it began from. */
const RUNS = {
  nll: {
    lossType: "nll",
    file: "model.safetensors",
    initial: "models/stories260k/model.safetensors",
    final: "reference/trajectories/nll.safetensors",
  },
  dft: {
    lossType: "dft",
    file: "model.safetensors",
    initial: "models/stories260k/model.safetensors",
    final: "reference/trajectories/dft.safetensors",
  },
  nll_lora: {
    lossType: "nll",
    file: "adapter_model.safetensors",
    initial: `${LORA}.initial/adapter_model.safetensors`,
    final: `${LORA}.final/adapter_model.safetensors`,
  },
} as const;
type RunName = keyof typeof RUNS;

const configOf = (name: RunName) =>
  resolveTrainConfig({
    ...(name === "nll_lora" && { adapterNameOrPath: shared(`${LORA}.initial`) }),
    modelNameOrPath: shared("models/stories260k"),
    dataset: shared("reference/trajectories/rows.jsonl"),
    outputDir: join(folder, name),
    lossType: RUNS[name].lossType,
    maxSteps: 10,
    perDeviceTrainBatchSize: 2,
    gradientAccumulationSteps: 2,
    learningRate: 1e-3,
    lrSchedulerType: "linear",
    warmupSteps: 2,
    weightDecay: 0.01,
    maxLength: 128,
    trainSamplingStrategy: "sequential",
    bf16: false,
    device: "cpu",
    numThreads: 1,
    loggingSteps: 1,
  });

/** Norm of the difference over the norm of the change, over all weights. */
function changeError(finished: string, expected: string, initial: string): number {
  using ours = readSafetensors(finished);
  using theirs = readSafetensors(expected);
  using before = readSafetensors(initial);
  return scope(() => {
    let difference = 0;
    let change = 0;
    for (const [name, value] of theirs.tensors) {
      const squares = (other: typeof value) => value.sub(other).mul(value.sub(other)).sum().item();
      difference += squares(ours.tensors.get(name)!);
      change += squares(before.tensors.get(name)!);
    }
    return Math.sqrt(difference / change);
  });
}

describe.skipIf(!hasShared).each(Object.keys(RUNS) as RunName[])("%s follows TRL", (name) => {
  const reference: Trajectory = hasShared
    ? JSON.parse(readFileSync(shared(`reference/trajectories/${name}.json`), "utf8"))
    : { steps: [] };

  it("sees the same tokens and labels, batch by batch", async () => {
    await withPreparedRun(configOf(name), async ({ dataset, plan }) => {
      for (const [step, { micro_batches: expected }] of reference.steps.entries()) {
        const batches = plan.microBatches(step);
        expect(batches.length).toBe(expected.length);
        for (const [index, { input_ids: ids, labels }] of expected.entries()) {
          const rows = await dataset.rows.read(batches[index]);
          const width = ids[0].length;
          const padded = (values: Int32Array, pad: number) => [
            ...values,
            ...Array(width - values.length).fill(pad),
          ];
          expect(rows.map((row) => padded(row.labels, IGNORE_INDEX))).toEqual(labels);
          expect(rows.map((row) => [...row.inputIds])).toEqual(
            ids.map((row, at) => row.slice(0, rows[at].inputIds.length)),
          );
        }
      }
    });
  });

  it("takes the same steps", async () => {
    const config = configOf(name);
    const lines: StepMetrics[] = [];
    await train(config, {
      onEvent: (event) => {
        if (event.type === "step" && event.metrics !== null) lines.push(event.metrics);
      },
    });
    expect(lines.map((line) => line.learning_rate)).toEqual(
      reference.steps.map((step) => step.learning_rate),
    );
    let lossError = 0;
    let normError = 0;
    for (const [index, step] of reference.steps.entries()) {
      lossError = Math.max(lossError, Math.abs(lines[index].loss / step.loss - 1));
      normError = Math.max(normError, Math.abs(lines[index].grad_norm / step.grad_norm - 1));
    }
    const weightError = changeError(
      join(config.outputDir, RUNS[name].file),
      shared(RUNS[name].final),
      shared(RUNS[name].initial),
    );
    console.log(
      `${name}: loss ${lossError.toExponential(1)}, norm ${normError.toExponential(1)}, change of weights ${weightError.toExponential(1)}`,
    );
    expect(lossError).toBeLessThan(1e-5);
    expect(normError).toBeLessThan(1e-5);
    expect(weightError).toBeLessThan(1e-3);
  });
});
