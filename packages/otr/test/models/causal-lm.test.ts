import { aten, liveTensorCount, noGrad, scope, type Tensor, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { relativeError } from "./relative-error.js";
import { tinyConfig } from "./tiny-config.js";

interface Row {
  readonly inputIds: Int32Array;
  readonly labels: readonly number[];
}

/** Mean cross entropy of each token's logits with the next label of its row, over labels that are not -100. */
function meanLoss(model: CausalLM, rows: readonly Row[], options = {}): Tensor {
  const packed = packRows(rows);
  const logits = model.logits(model.forward(packed, options));
  const targets = packed.order.flatMap((index) => [...rows[index]!.labels.slice(1), -100]);
  return aten.cross_entropy_loss(logits, tensor(targets, { dtype: "int64" }));
}

function clearGradients(model: CausalLM): void {
  for (const parameter of model.parameters.values()) parameter.grad = null;
}

/** Gradients of the mean loss by parameter name, copied. */
function gradients(model: CausalLM, loss: () => Tensor): Map<string, Tensor> {
  clearGradients(model);
  loss().backward();
  return new Map([...model.parameters].map(([name, parameter]) => [name, parameter.grad!.clone()]));
}

describe("CausalLM", () => {
  const config = parseModelConfig(tinyConfig({ tie_word_embeddings: false }));
  const rows: Row[] = [
    [3, 4, 5, 6, 7],
    [8, 9, 10],
    [11, 12, 13, 14, 15],
    [16, 17],
  ].map((ids) => ({ inputIds: Int32Array.from(ids), labels: ids }));

  it("gives each row the same gradient, alone or among others (float64)", () => {
    const model = initModel(config, { seed: 3, dtype: "float64" });
    scope(() => {
      const count = (row: Row) => row.inputIds.length - 1;
      const total = rows.reduce((sum, row) => sum + count(row), 0);
      const together = gradients(model, () => meanLoss(model, rows));
      const apart = gradients(model, () => {
        const losses = rows.map((row) => meanLoss(model, [row]).mul(count(row) / total));
        return losses.reduce((sum, loss) => sum.add(loss));
      });
      for (const [name, gradient] of together) {
        expect(relativeError(gradient, apart.get(name)!), name).toBeLessThan(1e-10);
      }
    });
    model.dispose();
  });

  it("computes in bfloat16 within 1 % of float32 and leaves float32 gradients", () => {
    const model = initModel(config, { seed: 4 });
    scope(() => {
      const packed = packRows(rows);
      const [wide, narrow] = noGrad(() =>
        (["float32", "bfloat16"] as const).map((computeDtype) => model.forward(packed, { computeDtype })),
      );
      expect(narrow!.dtype).toBe("bfloat16");
      const difference = aten.linalg_vector_norm(narrow!.to("float32").sub(wide!)).item();
      expect(difference / aten.linalg_vector_norm(wide!).item()).toBeLessThan(1e-2);
      expect(model.logits(narrow!).dtype).toBe("float32");

      meanLoss(model, rows, { computeDtype: "bfloat16" }).backward();
      for (const [name, parameter] of model.parameters) expect(parameter.grad?.dtype, name).toBe("float32");
    });
    model.dispose();
  });

  it("leaks no tensor, and frees its parameters", () => {
    const before = liveTensorCount();
    const model = initModel(config, { seed: 5 });
    expect(liveTensorCount()).toBe(before + model.parameters.size);
    scope(() => meanLoss(model, rows).backward());
    clearGradients(model);
    expect(liveTensorCount()).toBe(before + model.parameters.size);
    model.dispose();
    expect(liveTensorCount()).toBe(before);
  });
});

it.each([true, false])("copies the matrices that are multiplied with (tied: %s)", (tied) => {
  const model = initModel(parseModelConfig(tinyConfig({ tie_word_embeddings: tied })), { seed: 1 });
  const copies = model.copyMatrices("bfloat16");
  expect(copies.has("model.embed_tokens.weight")).toBe(tied);
  expect(copies.has("lm_head.weight")).toBe(!tied);
  expect(copies.has("model.norm.weight")).toBe(false);
  expect(model.headWeight(copies).dtype).toBe("bfloat16");
  for (const [name, copy] of copies) {
    expect(copy.toArray()).toEqual(
      scope(() => model.parameters.get(name)!.detach().to("bfloat16").toArray()),
    );
    copy.dispose();
  }
  model.dispose();
});
