/** @file What a GPU computes, held to what the CPU computes; without a GPU, that one is refused with the reason. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DType, philoxUniform, scope, tensor } from "@one-token/torch";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createObjective } from "../../src/objectives/registry.js";
import type { StepMetrics } from "../../src/training/events.js";
import { train } from "../../src/training/train.js";
import { hasShared, shared } from "../shared.js";
import { expectSameStep, objectiveVariants, oneStep } from "../training/one-step.js";

/** Asked before anything else, because whatever computes first loads libtorch, with CUDA or without it for good. */
const { device, refusal } = await vi.hoisted(async () => {
  const { chooseDevice } = await import("../../src/models/choose-device.js");
  const device = chooseDevice("auto");
  try {
    return { device, refusal: device === "cpu" ? `none: cuda is ${chooseDevice("cuda")}` : "" };
  } catch (error) {
    return { device, refusal: String(error) };
  }
});

if (device === "cpu") withoutGpu();
else withGpu();

function withoutGpu(): void {
  it("without a GPU, one that is asked for is refused", () => {
    console.warn("No CUDA device can be used here: what a GPU computes was not checked.");
    expect(refusal).toMatch(/no CUDA device can be used|no NVIDIA GPU was found here|setup -- --device cuda/);
  });
}

function withGpu(): void {
  it("draws the numbers that the CPU draws, bit for bit", () => {
    scope(() => {
      const keys = Array.from({ length: 400 }, (_, row) => [-9, 2 ** 32 - 1, row, 7 * row]).flat();
      const table = tensor(keys, { dtype: "int64", shape: [400, 4] });
      const expected = philoxUniform(table, 257).toArray();
      expect(philoxUniform(table.to(device), 257).toArray()).toEqual(expected);
    });
  });

  describe.each<[DType, number]>([
    // Draws flip where logits differ by rounding.
    ["float32", 1e-2],
    ["bfloat16", 0.15],
  ])("a step in %s", (dtype, tolerance) => {
    it.each(objectiveVariants)("is the CPU's: %s", (_name, options) => {
      scope(() => {
        const objective = createObjective(options);
        expectSameStep(oneStep(objective, dtype, device), oneStep(objective, dtype), tolerance);
      });
    });
  });

  const folder = mkdtempSync(join(tmpdir(), "otr-cuda-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const losses = async (on: string, lossType: "nll" | "otr") => {
    const logged: StepMetrics[] = [];
    await train(
      {
        modelNameOrPath: shared("models/stories260k"),
        dataset: shared("reference/trajectories/rows.jsonl"),
        outputDir: join(folder, `${on.replace(":", "")}-${lossType}`),
        lossType,
        maxSteps: 10,
        perDeviceTrainBatchSize: 4,
        learningRate: 1e-3,
        bf16: false,
        device: on,
        loggingSteps: 1,
      },
      { onEvent: (event) => void (event.type === "step" && event.metrics && logged.push(event.metrics)) },
    );
    return logged.map(({ nll }) => nll);
  };

  it.skipIf(!hasShared).each(["nll", "otr"] as const)("trains as the CPU does: %s", async (lossType) => {
    const expected = await losses("cpu", lossType);
    const actual = await losses(device, lossType);
    for (const [step, loss] of actual.entries()) {
      expect(Math.abs(loss / expected[step]! - 1), `step ${step}`).toBeLessThan(1e-2);
    }
  });
}
