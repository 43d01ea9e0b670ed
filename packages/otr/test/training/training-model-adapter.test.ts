/** @file Training with an adapter: which parameters have gradients, and that they do not depend on how rows are computed. */
import {
  aten,
  type DType,
  Generator,
  keep,
  liveTensorCount,
  noGrad,
  scope,
  type Tensor,
  tensor,
} from "@one-token/torch";
import { afterEach, describe, expect, it } from "vitest";
import type { EncodedRow } from "../../src/data/encoded-row.js";
import { CausalLM } from "../../src/models/causal-lm.js";
import { initModel } from "../../src/models/init-model.js";
import { createAdapter, LoraAdapter } from "../../src/models/lora-adapter.js";
import type { LoraConfig } from "../../src/models/lora-config.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { createObjective } from "../../src/objectives/registry.js";
import { createOptimizer } from "../../src/training/optimizers/registry.js";
import { addSums, emptySums } from "../../src/training/sum-statistics.js";
import { tokenWeight } from "../../src/training/supervised-tokens.js";
import { TrainingModel } from "../../src/training/training-model.js";
import { tinyConfig } from "../models/tiny-config.js";

const rows: EncodedRow[] = [8, 3, 5, 5, 7, 4].map((length, id) => {
  const inputIds = Int32Array.from({ length }, (_, at) => 3 + ((id * 7 + at * 5) % 16));
  return { id, inputIds, labels: inputIds.map((token, at) => (at < 2 ? -100 : token)) };
});

const LORA: LoraConfig = {
  rank: 3,
  alpha: 6,
  dropout: 0.2,
  targetModules: "all-linear",
  modulesToSave: [],
  useRslora: false,
  useDora: false,
};

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const free of cleanUp.splice(0)) free();
});

const converted = (parameters: ReadonlyMap<string, Tensor>, dtype: DType, trainable: boolean) =>
  new Map(
    [...parameters].map(([name, parameter]) => {
      const copy = keep(noGrad(() => parameter.detach().to(dtype).clone()));
      copy.requiresGrad = trainable;
      return [name, copy];
    }),
  );

/** A frozen model with an adapter whose matrices are all random. */
function makeModel(dtype: DType, lora: Partial<LoraConfig>, changes: Record<string, unknown> = {}): CausalLM {
  const config = parseModelConfig(tinyConfig({ initializer_range: 0.3, num_hidden_layers: 3, ...changes }));
  const made = initModel(config, { seed: 4, trainable: false });
  const model = new CausalLM(config, made.spec, converted(made.parameters, dtype, false));
  const first = createAdapter(made, { ...LORA, ...lora }, 1, "options");
  const generator = new Generator({ seed: 9 });
  for (const [name, parameter] of first.parameters) {
    // One half of a pair is zero at first, and then the other has no gradient.
    if (name.endsWith("lora_B.weight") || name.endsWith("lora_embedding_A"))
      noGrad(() => scope(() => void aten.normal_(parameter, 0, 0.2, { generator })));
  }
  const wide = dtype === "float64" ? "float64" : "float32";
  model.adapter = new LoraAdapter(first.config, first.layout, converted(first.parameters, wide, true));
  for (const owner of [made, first]) owner.dispose();
  return model;
}

interface Setting {
  lora?: Partial<LoraConfig>;
  dtype?: DType;
  computeDtype?: DType;
  gradientCheckpointing?: boolean;
  split?: readonly (readonly number[])[];
  model?: CausalLM;
}

function oneStep(setting: Setting = {}) {
  const { dtype = "float64", split = [[0, 1, 2, 3, 4, 5]] } = setting;
  const model = new TrainingModel({
    model: setting.model ?? makeModel(dtype, setting.lora ?? {}),
    objective: createObjective({ lossType: "nll" }),
    computeDtype: setting.computeDtype ?? dtype,
    headChunkBytes: 2 ** 20,
    gradientCheckpointing: setting.gradientCheckpointing ?? false,
    seed: 5,
  });
  cleanUp.push(() => model.dispose());
  const weightOf = tokenWeight(rows, "token");
  const sums = emptySums();
  for (const batch of split) {
    const taken = batch.map((at) => rows[at]!);
    addSums(sums, model.accumulateGradients(taken, 2, weightOf));
  }
  return { gradients: gradientsOf(model.parameters), sums, model };
}

const gradientsOf = (parameters: ReadonlyMap<string, Tensor>) =>
  new Map([...parameters].map(([name, parameter]) => [name, scope(() => parameter.grad!.toArray())]));

const norm = (values: number[]) => Math.hypot(...values);

/** The largest difference over the parameters, norm-wise. */
function difference(a: Map<string, number[]>, b: Map<string, number[]>): number {
  expect([...a.keys()]).toEqual([...b.keys()]);
  const errors = [...a].map(([name, values]) => {
    const other = b.get(name)!;
    return norm(values.map((value, index) => value - other[index]!)) / norm(other);
  });
  return Math.max(...errors);
}

/** Both models from the same random numbers. */
const twice = (lora: Partial<LoraConfig>, a: Setting, b: Setting): number => {
  const first = makeModel("float64", lora);
  const second = new CausalLM(first.config, first.spec, converted(first.parameters, "float64", false));
  const adapter = first.adapter!;
  second.adapter = new LoraAdapter(
    adapter.config,
    adapter.layout,
    converted(adapter.parameters, "float64", true),
  );
  return difference(oneStep({ ...a, model: first }).gradients, oneStep({ ...b, model: second }).gradients);
};

describe.each([
  ["LoRA", {}],
  ["rsLoRA of one layer", { useRslora: true, targetModules: ".*layers\\.1\\..*" }],
  ["DoRA", { useDora: true }],
  ["DoRA without dropout", { useDora: true, dropout: 0 }],
  ["LoRA of embedding and head", { targetModules: ["embed_tokens", "lm_head", "q_proj"] }],
  ["LoRA with modules of its own", { modulesToSave: ["lm_head", "embed_tokens", "input_layernorm"] }],
] as [string, Partial<LoraConfig>][])("an adapter (%s)", (_, lora) => {
  it("has the same gradients for rows together and one by one", () => {
    expect(twice(lora, {}, { split: [[5], [0], [3], [1], [4], [2]] })).toBeLessThan(1e-10);
  });

  it("has the same gradients under gradient checkpointing", () => {
    expect(twice(lora, {}, { gradientCheckpointing: true })).toBeLessThan(1e-10);
  });
});

describe("an adapter", () => {
  it("alone has gradients", () => {
    const { model, gradients } = oneStep();
    expect([...gradients.keys()].every((name) => name.includes("lora_"))).toBe(true);
    expect(gradients.size).toBe(2 * 7 * 3);
    for (const [name, parameter] of model.model.parameters) expect(parameter.grad, name).toBeNull();
  });

  it.each([true, false])("beside embedding and head has autograd's gradients (tied: %s)", (tied) => {
    const lora = { dropout: 0, targetModules: ["embed_tokens", "lm_head", "q_proj"] };
    const model = makeModel("float64", lora, { tie_word_embeddings: tied });
    const losses = rows.map(({ inputIds, labels }) => {
      const targets = tensor([...labels.slice(1), -100], { dtype: "int64" });
      const logits = model.logits(model.forward(packRows([{ inputIds }])));
      return aten.cross_entropy_loss(logits, targets, null, 2);
    });
    const count = rows.reduce((sum, { labels }) => sum + labels.filter((label) => label >= 0).length, 0);
    scope(() =>
      losses
        .reduce((sum, loss) => sum.add(loss))
        .div(count)
        .backward(),
    );
    for (const loss of losses) loss.dispose();
    const expected = gradientsOf(model.adapter!.parameters);
    for (const parameter of model.adapter!.parameters.values()) parameter.grad = null;
    expect(difference(oneStep({ model }).gradients, expected)).toBeLessThan(1e-10);
  });

  it("is evaluated without dropout", () => {
    const { model } = oneStep();
    expect(model.evaluate(rows, 0)).toEqual(model.evaluate(rows, 7));
    expect(model.evaluate(rows, 0).nll).not.toBe(oneStep({ model: makeModel("float64", {}) }).sums.nll);
  });

  it("computes in bfloat16 within 10 % of float64, from copies that follow the weights", () => {
    const model = makeModel("float32", { dropout: 0 });
    const wide = new CausalLM(model.config, model.spec, converted(model.parameters, "float64", false));
    const adapter = model.adapter!;
    wide.adapter = new LoraAdapter(
      adapter.config,
      adapter.layout,
      converted(adapter.parameters, "float64", true),
    );
    const narrow = oneStep({ model, computeDtype: "bfloat16" });
    expect(difference(narrow.gradients, oneStep({ model: wide }).gradients)).toBeLessThan(0.1);
    expect([...narrow.model.copies.keys()]).toEqual([...adapter.parameters.keys()]);
  });

  it("leaks nothing over steps", () => {
    const { model } = oneStep({ dtype: "float32" });
    const adam = { adamBeta1: 0.9, adamBeta2: 0.9, adamEpsilon: 1e-8, weightDecay: 0 };
    const optimizer = createOptimizer(
      model.parameters,
      { optim: "adamw_torch_fused", ...adam },
      model.copies,
    );
    cleanUp.push(() => optimizer.dispose());
    optimizer.step(1e-3);
    const before = liveTensorCount();
    for (let step = 0; step < 3; step++) {
      model.accumulateGradients(rows, step, () => 0.1);
      optimizer.step(1e-3);
    }
    expect(liveTensorCount()).toBe(before);
  });
});
