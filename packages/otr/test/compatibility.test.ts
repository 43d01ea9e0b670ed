/**
 * @file What works with each family of models, against references of transformers; docs/compatibility.md is written from what
 * passes here (`npx vitest run packages/otr/test/compatibility.test.ts -u` renews it).
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aten, noGrad, readSafetensors, scope, type Tensor, tensor } from "@one-token/torch";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { generateTokens } from "../src/generation/generate-tokens.js";
import { loadAdapter, saveAdapter } from "../src/models/adapter-files.js";
import type { CausalLM } from "../src/models/causal-lm.js";
import { type LoadModelOptions, loadModel } from "../src/models/load-model.js";
import { createAdapter } from "../src/models/lora-adapter.js";
import { mergeAdapter } from "../src/models/merge-adapter.js";
import { packRows } from "../src/models/packed-rows.js";
import { MODEL_TYPES } from "../src/config/model-types.js";
import { saveModel } from "../src/models/save-model.js";
import { createObjective } from "../src/objectives/registry.js";
import { createOptimizer } from "../src/training/optimizers/registry.js";
import { tokenWeight } from "../src/training/supervised-tokens.js";
import { TrainingModel } from "../src/training/training-model.js";
import { architectures } from "./models/architectures.js";
import { relativeError } from "./models/relative-error.js";
import { hasShared } from "./shared.js";

const FEATURES = ["full fine-tuning", "LoRA", "QLoRA", "generation", "round trip"] as const;
type Feature = (typeof FEATURES)[number];

/** What has passed, by family and feature: the names of the references. */
const passed = new Map<string, Map<Feature, string[]>>();

const folder = mkdtempSync(join(tmpdir(), "otr-compatibility-"));
afterAll(() => rmSync(folder, { recursive: true }));

const opened = new Set<CausalLM>();
afterEach(() => {
  for (const model of opened) {
    model.adapter?.dispose();
    model.dispose();
  }
  opened.clear();
});

async function open(path: string, options: LoadModelOptions = {}): Promise<CausalLM> {
  const model = await loadModel(path, options);
  opened.add(model);
  return model;
}

/** The reference's two rows: 24 tokens, and 17 followed by padding. */
function referenceOf(path: string) {
  const { tensors } = readSafetensors(`${path}/reference.safetensors`);
  const ids = tensors.get("input_ids")!.toArray();
  const labels = tensors.get("labels")!.toArray();
  const row = (id: number, start: number, end: number) => ({
    id,
    inputIds: Int32Array.from(ids.slice(start, end)),
    labels: Int32Array.from(labels.slice(start, end)),
  });
  return { tensors, rows: [row(0, 0, 24), row(1, 24, 41)] };
}

type Row = ReturnType<typeof referenceOf>["rows"][number];

/** Logits of rows together, in the order in which they lie, and that order. */
function logitsOf(model: CausalLM, rows: readonly Row[]) {
  const packed = packRows(rows);
  return { logits: model.logits(model.forward(packed)), order: packed.order };
}

/** Mean cross entropy of each token's logits with the next label of its row, over labels that are not -100. */
function meanLoss(model: CausalLM, rows: readonly Row[]): Tensor {
  const { logits, order } = logitsOf(model, rows);
  const targets = order.flatMap((index) => [...rows[index]!.labels.slice(1), -100]);
  return aten.cross_entropy_loss(logits, tensor(targets, { dtype: "int64" }));
}

/** The loss before and after ten steps that train what the model trains. */
function trainSteps(
  model: CausalLM,
  rows: readonly Row[],
  learningRate: number,
): [before: number, after: number] {
  const loss = () => noGrad(() => scope(() => meanLoss(model, rows).item()));
  const before = loss();
  const training = new TrainingModel({
    model,
    objective: createObjective({ lossType: "nll" }),
    computeDtype: "float32",
    headChunkBytes: 2 ** 20,
    gradientCheckpointing: true,
    seed: 1,
  });
  const adam = { adamBeta1: 0.9, adamBeta2: 0.999, adamEpsilon: 1e-8, weightDecay: 0 };
  const optimizer = createOptimizer(training.parameters, { optim: "adamw_torch_fused", ...adam });
  for (let step = 0; step < 10; step++) {
    training.accumulateGradients(rows, step, tokenWeight(rows, "token"));
    optimizer.step(learningRate);
  }
  optimizer.dispose();
  return [before, loss()];
}

const adapterConfig = {
  rank: 4,
  alpha: 8,
  dropout: 0.05,
  targetModules: "all-linear",
  modulesToSave: [],
  useRslora: false,
  useDora: false,
};

/** Trains an adapter on a model; what is saved gives the same logits when it is loaded, and merged. */
async function trainAdapter(model: CausalLM, path: string, rows: readonly Row[]): Promise<void> {
  model.adapter = createAdapter(model, adapterConfig, 1, "options");
  const [before, after] = trainSteps(model, rows, 2e-2);
  expect(after).toBeLessThan(0.95 * before);
  const numbers = () => noGrad(() => scope(() => logitsOf(model, rows).logits.toArray()));
  const trained = numbers();
  await saveAdapter(model.adapter, folder, path);
  model.adapter.dispose();
  model.adapter = await loadAdapter(model, folder);
  expect(numbers()).toEqual(trained);
}

const checks: Record<Feature, (path: string) => Promise<void>> = {
  async "full fine-tuning"(path) {
    const model = await open(path, { trainable: true });
    scope(() => {
      const { tensors, rows } = referenceOf(path);
      const [first, second] = rows as [Row, Row];
      noGrad(() => {
        const { logits, order } = logitsOf(model, rows);
        expect(order).toEqual([1, 0]);
        const [short, long] = [logits.narrow(0, 0, 17), logits.narrow(0, 17, 24)];
        const padded = tensors.get("logits")!;
        const alone = tensors.get("packed_logits")!.squeeze(0);
        expect(relativeError(long, padded.narrow(0, 0, 1).squeeze(0))).toBeLessThan(1e-5);
        expect(relativeError(short, padded.narrow(0, 1, 1).squeeze(0).narrow(0, 0, 17))).toBeLessThan(1e-5);
        expect(relativeError(logitsOf(model, [first]).logits, alone.narrow(0, 0, 24))).toBeLessThan(1e-5);
        expect(relativeError(logitsOf(model, [second]).logits, alone.narrow(0, 24, 17))).toBeLessThan(1e-5);
      });
      const loss = meanLoss(model, rows);
      loss.backward();
      expect(relativeError(loss, tensors.get("loss")!)).toBeLessThan(1e-5);
      const expected = readSafetensors(`${path}/gradients.safetensors`).tensors;
      expect([...model.parameters.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [name, { grad }] of model.parameters) {
        // An expert that no token chose has no gradient, where transformers has zeros.
        const found = grad ?? aten.zeros_like(expected.get(name)!);
        expect(relativeError(found, expected.get(name)!), name).toBeLessThan(1e-5);
      }
    });
    for (const parameter of model.parameters.values()) parameter.grad = null;
    const [before, after] = trainSteps(model, referenceOf(path).rows, 5e-3);
    expect(after).toBeLessThan(0.9 * before);
  },

  async LoRA(path) {
    const model = await open(path);
    const { rows } = referenceOf(path);
    await trainAdapter(model, path, rows);
    scope(() =>
      noGrad(() => {
        const { logits } = logitsOf(model, rows);
        const adapter = model.adapter!;
        const merged = mergeAdapter(model, adapter);
        opened.delete(model);
        opened.add(merged);
        expect(relativeError(logitsOf(merged, rows).logits, logits)).toBeLessThan(1e-5);
        adapter.dispose();
      }),
    );
  },

  async QLoRA(path) {
    const model = await open(path, { quantization: { format: "nf4", nested: true } });
    expect(model.quantized.size).toBeGreaterThan(0);
    await trainAdapter(model, path, referenceOf(path).rows);
  },

  async generation(path) {
    const model = await open(path);
    const { tensors, rows } = referenceOf(path);
    const options = { maxNewTokens: 16, eosTokenIds: [] };
    const [generation] = await generateTokens(model, [rows[0]!.inputIds], options);
    expect(generation!.tokenIds).toEqual(tensors.get("greedy")!.toArray());
  },

  async "round trip"(path) {
    const target = join(folder, "saved");
    await saveModel(await open(path), target, { sourceFolder: path });
    const read = (of: string) => JSON.parse(readFileSync(`${of}/config.json`, "utf8"));
    expect(read(target)).toEqual(read(path));
    const [before, after] = [path, target].map((of) => readSafetensors(`${of}/model.safetensors`));
    expect([...after!.tensors.keys()].sort()).toEqual([...before!.tensors.keys()].sort());
    for (const [name, saved] of after!.tensors) {
      const stored = before!.tensors.get(name)!;
      expect(saved.dtype, name).toBe(stored.dtype);
      expect(aten.equal(saved, stored), name).toBe(true);
    }
    for (const file of [before!, after!]) file.dispose();
  },
};

describe.each(architectures)("%s", (name, path) => {
  const family: string = JSON.parse(readFileSync(`${path}/config.json`, "utf8")).model_type;
  it.each(FEATURES)("%s", async (feature) => {
    await checks[feature](path);
    const features = passed.get(family) ?? new Map<Feature, string[]>();
    features.set(feature, [...(features.get(feature) ?? []), name]);
    passed.set(family, features);
  });
});

/** A feature works with a family where it has passed on every reference of it. */
function table(): string {
  const rows = MODEL_TYPES.map((family) => {
    const features = passed.get(family) ?? new Map<Feature, string[]>();
    const names = [...new Set([...features.values()].flat())];
    const cells = FEATURES.map((feature) =>
      names.length > 0 && names.every((name) => features.get(feature)?.includes(name)) ? "yes" : "no",
    );
    return `| \`${family}\` | ${cells.join(" | ")} | ${names.join(", ")} |`;
  });
  return `# Compatibility

<!-- Written by packages/otr/test/compatibility.test.ts from the tests that pass. -->

What works with the families of models, by \`model_type\`. Each was tried on tiny random models that transformers 5.23.0 has
made and computed (last column): all logits, the loss, the gradient of every parameter and a greedy continuation agree
with it (1e-5); ten steps of training, of LoRA (all linear modules) and of QLoRA (4 bits, nested scales) lower the loss; an
adapter that was saved gives the same logits when it is loaded, and merged into its model (1e-5); a model that was loaded and
saved has every tensor, byte for byte, and every field of its configuration.

| family | ${FEATURES.join(" | ")} | tried on |
|---|${FEATURES.map(() => "---").join("|")}|---|
${rows.join("\n")}
`;
}

it.skipIf(!hasShared)("docs/compatibility.md holds what passed", async () => {
  await expect(table()).toMatchFileSnapshot("../../../docs/compatibility.md");
});
