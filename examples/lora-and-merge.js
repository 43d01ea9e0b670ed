/**
 * @file Trains a LoRA adapter, reads it back, and makes it part of its model.
 *
 *     node examples/lora-and-merge.js [MODEL_FOLDER] [OUTPUT_FOLDER]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  generate,
  loadAdapter,
  loadModel,
  loadTokenizer,
  mergeAdapter,
  saveModel,
  train,
} from "one-token-rollout";

const [base = "demo/base-model", output = "out/lora-and-merge"] = process.argv.slice(2);

const dataset = join(output, "rows.jsonl");
const rows = ["rain", "stone", "light", "river"].map((word) => ({
  prompt: `twice ${word}=`,
  completion: `${word} ${word}`,
}));
await mkdir(output, { recursive: true });
await writeFile(dataset, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const { outputDir: adapterFolder } = await train({
  modelNameOrPath: base,
  dataset,
  outputDir: join(output, "adapter"),
  lossType: "nll",
  usePeft: true,
  loraR: 8,
  loraTargetModules: ["all-linear"],
  learningRate: 1e-2,
  maxSteps: 20,
});

// The folder of an adapter holds the pairs of small matrices alone. The model computes with one where it is set.
const tokenizer = await loadTokenizer(base);
const model = await loadModel(base, { dtype: "float32" });
const prompt = "twice stone=";
/** @param {string} name @param {import("one-token-rollout").CausalLM} spoken */
const say = async (name, spoken) => {
  const [{ text }] = await generate(spoken, tokenizer, [prompt], { temperature: 0, maxNewTokens: 16 });
  console.log(`${name}: ${prompt}${text}`);
};
await say("base", model);
model.adapter = await loadAdapter(model, adapterFolder);
await say("adapter", model);

// mergeAdapter takes over the model's parameters; any tool loads the folder that is saved.
const adapter = model.adapter;
model.adapter = null;
const merged = mergeAdapter(model, adapter);
await say("merged", merged);
await saveModel(merged, join(output, "merged"), { sourceFolder: base });
adapter.dispose();
merged.dispose();
