/** @file Training in bfloat16 follows training in float32, on a real model and real rows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { LossType } from "../../src/objectives/objective.js";
import { train } from "../../src/training/train.js";
import { hasShared, shared } from "../shared.js";

const STEPS = 200;
/** Steps whose mean is one point of a curve. */
const WINDOW = 10;

const folder = mkdtempSync(join(tmpdir(), "otr-precision-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The model's own domain: where `dft` and `otr` learn nothing and wander off, rounding moves them by some 3 %.
/** A file of the stories `first` to `last - 1`. */
function stories(first: number, last: number): string {
  const path = join(folder, `${first}.jsonl`);
  const lines = readFileSync(shared("data/tinystories.jsonl"), "utf8").split("\n");
  writeFileSync(path, lines.slice(first, last).join("\n"));
  return path;
}

/** The mean negative log-likelihood of every {@link WINDOW} steps, and that of held-out rows at the end. */
async function learn(lossType: LossType, bf16: boolean): Promise<number[]> {
  const losses: number[] = [];
  const { metrics } = await train(
    {
      modelNameOrPath: shared("models/stories260k"),
      dataset: stories(0, 4 * STEPS),
      evalDataset: stories(4 * STEPS, 4 * STEPS + 100),
      evalStrategy: "epoch",
      outputDir: join(folder, `${lossType}-${bf16}`),
      lossType,
      bf16,
      maxSteps: STEPS,
      perDeviceTrainBatchSize: 4,
      maxLength: 128,
      learningRate: 1e-3,
      device: "cpu",
      loggingSteps: WINDOW,
    },
    { onEvent: (event) => void (event.type === "step" && event.metrics && losses.push(event.metrics.nll)) },
  );
  return [...losses, metrics.eval_loss!];
}

it.skipIf(!hasShared).each(["nll", "dft", "otr"] as const)(
  "bfloat16 follows float32: %s",
  async (lossType) => {
    const [wide, narrow] = [await learn(lossType, false), await learn(lossType, true)];
    expect(wide).toHaveLength(STEPS / WINDOW + 1);
    const differences = narrow.map((loss, point) => Math.abs(loss / wide[point]! - 1));
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    console.log(
      `${lossType}: float32 ${wide[0]!.toFixed(3)} to ${wide.at(-2)!.toFixed(3)}, held out ${wide.at(-1)!.toFixed(3)}; ` +
        `bfloat16 differs by ${percent(Math.max(...differences))} at most, ${percent(differences.at(-1)!)} held out`,
    );
    for (const [point, difference] of differences.entries()) {
      expect(difference, `point ${point}`).toBeLessThan(0.02);
    }
  },
);
