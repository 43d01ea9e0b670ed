import {
  aten,
  type DType,
  keep,
  liveTensorCount,
  noGrad,
  scope,
  type Tensor,
  tensor,
} from "@one-token/torch";
import { afterEach, describe, expect, it } from "vitest";
import { planBatches } from "../../src/data/batches.js";
import { bestFitDecreasing } from "../../src/data/bins.js";
import type { EncodedRow } from "../../src/data/encoded-row.js";
import { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { createObjective, type ObjectiveOptions } from "../../src/objectives/registry.js";
import { createOptimizer } from "../../src/training/optimizers/registry.js";
import { addSums, emptySums } from "../../src/training/sum-statistics.js";
import { tokenWeight } from "../../src/training/supervised-tokens.js";
import { TrainingModel } from "../../src/training/training-model.js";
import { tinyConfig } from "../models/tiny-config.js";

/** Six rows of 3 to 8 tokens, each with a prompt that is not learned. */
const rows: EncodedRow[] = [8, 3, 5, 5, 7, 4].map((length, id) => {
  const inputIds = Int32Array.from({ length }, (_, at) => 3 + ((id * 7 + at * 5) % 16));
  return { id, inputIds, labels: inputIds.map((token, at) => (at < 2 ? -100 : token)) };
});

interface Setting {
  objective?: Partial<ObjectiveOptions>;
  dtype?: DType;
  computeDtype?: DType;
  headChunkBytes?: number;
  gradientCheckpointing?: boolean;
  tied?: boolean;
  /** Decides the weights. */
  seed?: number;
  aggregation?: "token" | "sequence";
  /** The rows of each micro-batch. */
  split?: readonly (readonly number[])[];
}

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const free of cleanUp.splice(0)) free();
});

function makeModel(dtype: DType, tied: boolean, seed = 4): CausalLM {
  const config = parseModelConfig(tinyConfig({ tie_word_embeddings: tied, initializer_range: 0.3 }));
  const made = initModel(config, { seed });
  const parameters = new Map<string, Tensor>();
  for (const [name, parameter] of made.parameters) {
    const converted = keep(noGrad(() => parameter.detach().to(dtype)));
    converted.requiresGrad = true;
    parameters.set(name, converted);
  }
  made.dispose();
  return new CausalLM(config, made.spec, parameters);
}

/** Gradients, by parameter, and statistics of one optimizer step. */
function oneStep(setting: Setting = {}) {
  const { dtype = "float64", split = [[0, 1, 2, 3, 4, 5]], aggregation = "token" } = setting;
  const model = new TrainingModel({
    model: makeModel(dtype, setting.tied ?? true, setting.seed),
    objective: createObjective({ lossType: "otr", ...setting.objective }),
    computeDtype: setting.computeDtype ?? dtype,
    headChunkBytes: setting.headChunkBytes ?? 2 ** 20,
    gradientCheckpointing: setting.gradientCheckpointing ?? false,
    seed: 5,
  });
  const adamW = { adamBeta1: 0.9, adamBeta2: 0.9, adamEpsilon: 1e-8, weightDecay: 0 };
  const optimizer = createOptimizer(model.parameters, { optim: "adamw_torch_fused", ...adamW });
  const weightOf = tokenWeight(rows, aggregation);
  const sums = emptySums();
  for (const batch of split)
    addSums(
      sums,
      model.accumulateGradients(
        batch.map((at) => rows[at]),
        2,
        weightOf,
      ),
    );
  const gradients = new Map(
    [...model.parameters].map(([name, parameter]) => [name, scope(() => parameter.grad!.toArray())]),
  );
  cleanUp.push(() => {
    optimizer.dispose();
    model.dispose();
  });
  return { gradients, sums, model };
}

const norm = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** The largest difference over the parameters, norm-wise. */
function difference(a: Map<string, number[]>, b: Map<string, number[]>): number {
  expect([...a.keys()]).toEqual([...b.keys()]);
  return Math.max(
    ...[...a].map(([name, values]) => {
      const other = b.get(name)!;
      return norm(values.map((value, at) => value - other[at])) / Math.max(norm(other), 1e-300);
    }),
  );
}

const objectives: readonly (readonly [string, Partial<ObjectiveOptions>])[] = [
  ["nll", { lossType: "nll" }],
  ["dft", { lossType: "dft" }],
  ["unlikelihood", { lossType: "unlikelihood", unlikelihoodCoef: 0.7 }],
  ["otr", { lossType: "otr" }],
  ["otr with a critic", { lossType: "otr", otrBaseline: "value" }],
  ["otr against other samples", { lossType: "otr", otrBaseline: "rloo", nllCoef: 0.1 }],
  ["otr, exact", { lossType: "otr", otrEstimator: "exact" }],
];
const alone = rows.map((_, at) => [at]);

/** All rows as one optimizer step of one bin a micro-batch. */
function packed(capacity: number) {
  const lengths = Uint32Array.from(rows, ({ inputIds }) => inputIds.length);
  const bins = bestFitDecreasing(lengths, capacity);
  const { microBatches } = planBatches({
    lengths,
    bins,
    strategy: "random",
    seed: 1,
    batchSize: 1,
    gradientAccumulationSteps: bins.count,
    numTrainEpochs: 1,
    maxSteps: -1,
  });
  return { bins, microBatches };
}
/** The order of `group_by_length`, two rows a micro-batch. */
const byLength = [
  [0, 4],
  [3, 2],
  [5, 1],
];

describe.each(objectives)("TrainingModel, %s", (_name, objective) => {
  it.each([true, false])("same gradients however the step is split (tied: %s)", (tied) => {
    const whole = oneStep({ objective, tied });
    for (const split of [
      alone,
      [
        [5, 4, 3],
        [2, 0, 1],
      ],
    ]) {
      const parts = oneStep({ objective, tied, split });
      expect(difference(parts.gradients, whole.gradients)).toBeLessThan(1e-10);
      expect(parts.sums.loss).toBeCloseTo(whole.sums.loss, 9);
    }
  });

  it.each(["token", "sequence"] as const)(
    "same gradients packed, batched and row by row (%s)",
    (aggregation) => {
      const { bins, microBatches } = packed(17);
      expect(bins.count).toBe(2);
      const split = microBatches(0).map((batch) => [...batch]);
      const whole = oneStep({ objective, aggregation, split });
      for (const other of [undefined, alone, byLength]) {
        const parts = oneStep({ objective, aggregation, ...(other && { split: other }) });
        expect(difference(parts.gradients, whole.gradients)).toBeLessThan(1e-10);
        expect(parts.sums.weighted_loss).toBeCloseTo(whole.sums.weighted_loss, 9);
      }
    },
  );

  it("same gradients in float32", () => {
    const single = oneStep({ objective, dtype: "float32" });
    const parts = oneStep({ objective, dtype: "float32", split: alone });
    expect(difference(parts.gradients, single.gradients)).toBeLessThan(1e-5);
  });

  it.each<[DType, DType]>([
    ["float64", "float64"],
    ["float32", "float32"],
    ["float32", "bfloat16"],
  ])(
    "the same gradients bit for bit with gradient checkpointing, %s computed in %s",
    (dtype, computeDtype) => {
      for (const [tied, split] of [
        [true, [[0, 1, 2, 3, 4, 5]]],
        [
          false,
          [
            [5, 4, 3],
            [2, 0, 1],
          ],
        ],
      ] as const) {
        const kept = oneStep({ objective, dtype, computeDtype, tied, split });
        const computedAgain = oneStep({
          objective,
          dtype,
          computeDtype,
          tied,
          split,
          gradientCheckpointing: true,
        });
        expect(computedAgain.gradients).toEqual(kept.gradients);
        expect(computedAgain.sums).toEqual(kept.sums);
      }
    },
  );

  it("same gradients for any chunk of the head", () => {
    const whole = oneStep({ objective });
    expect(difference(oneStep({ objective, headChunkBytes: 1024 }).gradients, whole.gradients)).toBeLessThan(
      1e-10,
    );
  });

  it("sequence aggregation does not depend on the split either", () => {
    const whole = oneStep({ objective, aggregation: "sequence" });
    const parts = oneStep({ objective, aggregation: "sequence", split: alone });
    expect(difference(parts.gradients, whole.gradients)).toBeLessThan(1e-10);
    expect(difference(whole.gradients, oneStep({ objective }).gradients)).toBeGreaterThan(1e-3);
  });
});

describe("TrainingModel", () => {
  it.each([true, false])("agrees with autograd through whole logits (tied: %s)", (tied) => {
    const ours = oneStep({ objective: { lossType: "nll" }, tied });
    const model = makeModel("float64", tied);
    cleanUp.push(() => model.dispose());
    const expected = scope(() => {
      const losses = rows.map((row) => {
        const logits = model.logits(model.forward(packRows([row])));
        const length = row.labels.length - 1;
        const labels = tensor([...row.labels.slice(1)], { dtype: "int64" });
        return aten.cross_entropy_loss(logits.narrow(0, 0, length), labels, null, 2);
      });
      const count = rows.reduce((sum, row) => sum + row.labels.length - 2, 0);
      losses
        .reduce((sum, loss) => sum.add(loss))
        .div(count)
        .backward();
      return new Map([...model.parameters].map(([name, parameter]) => [name, parameter.grad!.toArray()]));
    });
    expect(difference(ours.gradients, expected)).toBeLessThan(1e-10);
  });

  it("the sequence mean is the mean over rows of each row's mean", () => {
    const objective = { lossType: "nll" } as const;
    const { sums } = oneStep({ objective, aggregation: "sequence" });
    const perRow = rows.map((_, at) => oneStep({ objective, split: [[at]] }).sums);
    const expected = perRow.reduce((sum, row) => sum + row.loss / row.count, 0) / rows.length;
    expect(sums.weighted_loss).toBeCloseTo(expected, 10);
  });

  it("bfloat16 stays near float32 and accumulates in float32", () => {
    // The worst tensor of one model varies with its weights; the geometric mean over several hardly does.
    const errors = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const setting: Setting = { objective: { lossType: "nll" }, dtype: "float32", seed };
      const wide = oneStep(setting);
      const mixed = oneStep({ ...setting, computeDtype: "bfloat16" });
      expect(mixed.sums.loss / wide.sums.loss).toBeCloseTo(1, 1);
      return difference(mixed.gradients, wide.gradients);
    });
    const mean = Math.exp(errors.reduce((sum, error) => sum + Math.log(error), 0) / errors.length);
    console.log(`bfloat16 gradients: ${mean.toExponential(1)} norm-wise`);
    expect(mean).toBeLessThan(0.08);
  });

  it.each([true, false])(
    "leaves no tensor behind, and evaluation leaves gradients alone (checkpointing: %s)",
    (gradientCheckpointing) => {
      const objective = { lossType: "otr", otrBaseline: "value" } as const;
      const { model, gradients } = oneStep({ objective, gradientCheckpointing });
      const before = liveTensorCount();
      model.accumulateGradients(rows, 3, tokenWeight(rows, "token"));
      expect(liveTensorCount()).toBe(before);
      const after = [...model.parameters.values()].map((parameter) => scope(() => parameter.grad!.toArray()));
      model.evaluate(rows, 0);
      expect(liveTensorCount()).toBe(before);
      expect(
        [...model.parameters.values()].map((parameter) => scope(() => parameter.grad!.toArray())),
      ).toEqual(after);
      expect(after).not.toEqual([...gradients.values()]);
    },
  );

  it("draws depend on the step and the seed, not on the batch", () => {
    const first = oneStep();
    const again = oneStep({ split: alone });
    expect(again.sums.otr_hit_rate).toBeCloseTo(first.sums.otr_hit_rate, 12);
    const otherStep = first.model.evaluate(rows, 9);
    expect(otherStep.otr_hit_rate).not.toBe(first.sums.otr_hit_rate);
  });
});
