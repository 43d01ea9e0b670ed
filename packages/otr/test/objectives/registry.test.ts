import { readSafetensors, type Tensor, zeros } from "@one-token/torch";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { evaluateFused } from "../../src/objectives/fused-objective.js";
import { evaluateObjective } from "../../src/objectives/objective.js";
import { givenSamples } from "../../src/objectives/random-stream.js";
import { createObjective, lossTypes, type ObjectiveOptions } from "../../src/objectives/registry.js";
import { readStatistics, statisticNames } from "../../src/objectives/statistics.js";
import { hasShared, shared } from "../shared.js";
import { meanWeights, relativeError } from "./tokens.js";

// The file's sampled rewards were rounded to float32 before they became float64.
const otrBeta = Math.fround(-0.1);

/** Each objective of the reference file, by its name there. */
const references: Record<string, Partial<ObjectiveOptions>> = {
  sft: { lossType: "nll" },
  smoothed: { lossType: "nll", labelSmoothingFactor: 0.1 },
  entropy: { lossType: "nll", entropyCoef: 0.01 },
  dft: { lossType: "dft" },
  otr: { otrBeta },
  otr_rloo: { otrBeta, otrBaseline: "rloo" },
  otr_value: { otrBeta, otrBaseline: "value" },
  otr_importance: { otrBeta, otrImportanceCorrection: true },
  otr_exact: { otrEstimator: "exact" },
  otr_kappa1: { otrEstimator: "exact", otrTemperature: 1 },
  otr_exact_rloo: { otrEstimator: "exact", otrBaseline: "rloo" },
  otr_exact_value: { otrEstimator: "exact", otrBaseline: "value" },
  otr_exact_importance: { otrEstimator: "exact", otrImportanceCorrection: true },
};

describe.skipIf(!hasShared)("the reference values of every objective", () => {
  const file = hasShared ? readSafetensors(shared("reference/objectives.safetensors")) : null;
  const reference = (name: string): Tensor => file!.tensors.get(name)!;
  afterAll(() => file?.dispose());

  // Draws cannot be given to the fused operator: where it draws, it is compared with the composed form.
  for (const [name, options] of Object.entries(references)) {
    const objective = createObjective(options);
    if (objective.samples) continue;
    it(`${name} by the fused operator`, () => {
      const targets = reference("targets");
      const statistics = zeros([statisticNames.length], { dtype: "float64" });
      const { gradient } = evaluateFused(objective, {
        logits: reference("logits").to("float32"),
        targets,
        weights: meanWeights(targets.numel, "float32"),
        values: reference("values").to("float32"),
        statistics,
      });
      expect(relativeError(gradient!, reference(`${name}.grad`))).toBeLessThan(1e-5);
      expect(readStatistics(statistics).weighted_loss).toBeCloseTo(reference(`${name}.loss`).item(), 6);
    });
  }

  for (const [dtype, tolerance] of [["float64", 1e-9] as const, ["float32", 1e-5] as const]) {
    for (const [name, options] of Object.entries(references)) {
      it(`${name} in ${dtype}`, () => {
        const count = reference("targets").numel;
        const output = evaluateObjective(createObjective(options), {
          logits: reference("logits").clone().to(dtype),
          targets: reference("targets"),
          weights: meanWeights(count, dtype),
          values: reference("values").to(dtype),
          stream: givenSamples(reference("samples")),
        });
        expect(output.gradient!.dtype).toBe(dtype);
        expect(relativeError(output.tokenLosses.mean(), reference(`${name}.loss`))).toBeLessThan(tolerance);
        expect(relativeError(output.gradient!, reference(`${name}.grad`))).toBeLessThan(tolerance);
        const sums = readStatistics(output.statistics);
        expect(sums.weighted_loss).toBeCloseTo(reference(`${name}.loss`).item(), dtype === "float64" ? 9 : 5);
        expect(sums.nll / count).toBeCloseTo(reference("sft.loss").item(), dtype === "float64" ? 9 : 5);
      });
    }

    it(`the critic's loss and gradient in ${dtype}`, () => {
      const objective = createObjective({ otrBeta, otrBaseline: "value", valueLossCoef: 0.25 });
      const output = evaluateObjective(objective, {
        logits: reference("logits").clone().to(dtype),
        targets: reference("targets"),
        weights: meanWeights(reference("targets").numel, dtype),
        values: reference("values").to(dtype),
        stream: givenSamples(reference("samples")),
      });
      const loss = output.valueLosses!.mean();
      expect(relativeError(loss, reference("otr_value.value_loss"))).toBeLessThan(tolerance);
      const gradient = output.valueGradient!.div(0.25);
      expect(relativeError(gradient, reference("otr_value.value_grad"))).toBeLessThan(tolerance);
    });
  }
});

describe("createObjective", () => {
  const problemsOf = (options: object): readonly string[] => {
    try {
      createObjective(options);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map((problem) => problem.where);
      throw error;
    }
    return [];
  };

  it("makes every loss type", () => {
    for (const lossType of lossTypes) expect(createObjective({ lossType }).lossType).toBe(lossType);
  });

  it("refuses an unknown loss type and names those that exist", () => {
    expect(() => createObjective({ lossType: "sft" as "nll" })).toThrow(
      /sft is unknown.*nll, dft, unlikelihood, otr/,
    );
  });

  it("refuses rloo with fewer than two samples, but not in expectation", () => {
    expect(problemsOf({ otrBaseline: "rloo", otrNumSamples: 1 })).toEqual(["otr_num_samples"]);
    expect(problemsOf({ otrBaseline: "rloo", otrNumSamples: 1, otrEstimator: "exact" })).toEqual([]);
  });

  it("reports all mistakes together", () => {
    expect(problemsOf({ otrTemperature: 0, otrNumSamples: 2.5 })).toEqual([
      "otr_temperature",
      "otr_num_samples",
    ]);
    expect(problemsOf({ lossType: "nll", labelSmoothingFactor: 1.5 })).toEqual(["label_smoothing_factor"]);
  });

  it("says what an objective needs", () => {
    expect(createObjective({ otrBaseline: "value" })).toMatchObject({ samples: true, valueLossCoef: 0.5 });
    expect(createObjective({ otrEstimator: "exact" })).toMatchObject({ samples: false, valueLossCoef: null });
    expect(createObjective({ lossType: "dft", otrBaseline: "value" })).toMatchObject({ valueLossCoef: null });
  });
});
