import { aten, type Tensor, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { evaluateObjective } from "../../src/objectives/objective.js";
import { precedingTokens } from "../../src/objectives/preceding-tokens.js";
import { createObjective } from "../../src/objectives/registry.js";
import { readStatistics } from "../../src/objectives/statistics.js";
import { differentiate, nllOracle, unlikelihoodOracle } from "./oracle.js";
import { normal, relativeError } from "./tokens.js";

const V = 17;
/** One row and what is learned of it: all but its first token. */
const inputIds = Int32Array.from([4, 2, 4, 11, 2, 0, 11, 16]);
const targets = tensor(inputIds.slice(1), { dtype: "int64" });
const N = inputIds.length - 1;
const logits = normal([N, V], 1, 2);
const weights = aten.abs(normal([N], 2));
const preceding = precedingTokens([{ id: 0, inputIds }], {
  rowIds: new Array(N).fill(0),
  positions: Array.from({ length: N }, (_, index) => index + 1),
});
/** What stands before each target, without it. */
const candidates = [[4], [2], [4, 2], [4, 11], [4, 2, 11], [4, 2, 0], [4, 2, 11, 0]];

const evaluate = (unlikelihoodCoef: number, of: Tensor = logits, dtype: "float32" | "float64" = "float64") =>
  evaluateObjective(createObjective({ lossType: "unlikelihood", unlikelihoodCoef }), {
    logits: of.to(dtype).clone(),
    targets,
    weights: weights.to(dtype),
    preceding,
  });

describe("unlikelihood", () => {
  it.each([1, 0.25, 3])("equals autograd through plain operators, alpha %f", (alpha) => {
    const expected = differentiate(logits, weights, (leaf) =>
      unlikelihoodOracle({ logits: leaf, targets }, candidates, alpha),
    );
    const actual = evaluate(alpha);
    expect(relativeError(actual.tokenLosses, expected.losses)).toBeLessThan(1e-12);
    expect(relativeError(actual.gradient!, expected.gradient)).toBeLessThan(1e-11);
    const narrower = evaluate(alpha, logits, "float32");
    expect(relativeError(narrower.tokenLosses, expected.losses)).toBeLessThan(1e-6);
    expect(relativeError(narrower.gradient!, expected.gradient)).toBeLessThan(1e-6);
  });

  it("is nll where alpha is 0, and reports the same likelihood whatever alpha is", () => {
    const expected = differentiate(logits, weights, (leaf) => nllOracle({ logits: leaf, targets }));
    expect(relativeError(evaluate(0).gradient!, expected.gradient)).toBeLessThan(1e-12);
    const { nll } = readStatistics(evaluate(0).statistics);
    expect(readStatistics(evaluate(2).statistics).nll).toBe(nll);
  });

  it("lowers what stands before, and has gradients whose rows sum to zero", () => {
    const gradient = evaluate(1).gradient!;
    const [first] = candidates;
    expect(gradient.toArray()[first![0]!]).toBeGreaterThan(evaluate(0).gradient!.toArray()[first![0]!]!);
    expect(aten.max(aten.abs(gradient.sum([1]))).item()).toBeLessThan(1e-12);
  });

  it("stays finite where a token that stands before is certain", () => {
    const certain = normal([N, V], 3);
    certain.narrow(1, 4, 1).add_(1e4);
    const { tokenLosses, gradient } = evaluate(1, certain, "float32");
    expect(aten.all(aten.isfinite(tokenLosses)).item()).toBe(1);
    expect(aten.max(aten.abs(gradient!)).item()).toBeLessThan(20);
  });

  it("asks for the tokens that stand before", () => {
    const objective = createObjective({ lossType: "unlikelihood" });
    expect(() => evaluateObjective(objective, { logits: logits.clone(), targets, weights })).toThrow(
      expect.objectContaining({ code: "OBJECTIVE_NEEDS_PRECEDING_TOKENS" }),
    );
  });
});
