/** @file Whole runs that train an adapter: what they write, and what becomes of what lay there. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { generate } from "../../src/generation/generate.js";
import { loadAdapter, readAdapterConfig } from "../../src/models/adapter-files.js";
import { loadModel } from "../../src/models/load-model.js";
import { mergeAdapter } from "../../src/models/merge-adapter.js";
import { saveModel } from "../../src/models/save-model.js";
import type { TrainEvent } from "../../src/training/events.js";
import { planRun } from "../../src/training/plan-run.js";
import { train } from "../../src/training/train.js";
import { hasShared, shared } from "../shared.js";

const folder = mkdtempSync(join(tmpdir(), "otr-adapter-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  if (!hasShared) return;
  const rows = readFileSync(shared("reference/trajectories/rows.jsonl"), "utf8").split("\n").slice(0, 4);
  writeFileSync(join(folder, "rows.jsonl"), rows.join("\n"));
});

/** A run over the same four rows again and again: its losses and notes. */
async function run(changes: Partial<TrainInput>) {
  const notes: string[] = [];
  const onEvent = (event: TrainEvent) => {
    if (event.type === "start") notes.push(...event.notes);
  };
  const result = await train(
    {
      modelNameOrPath: shared("models/stories260k"),
      dataset: join(folder, "rows.jsonl"),
      outputDir: join(folder, "out"),
      lossType: "nll",
      maxSteps: 15,
      perDeviceTrainBatchSize: 4,
      maxLength: 128,
      learningRate: 2e-3,
      lrSchedulerType: "constant",
      trainSamplingStrategy: "sequential",
      bf16: false,
      device: "cpu",
      numThreads: 1,
      loggingSteps: 1,
      ...changes,
    },
    { onEvent },
  );
  const lines = readFileSync(join(result.outputDir, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  const losses = lines.map((line) => (JSON.parse(line) as { loss: number }).loss);
  return { ...result, notes: notes.join("\n"), losses };
}

describe.skipIf(!hasShared)("a run with an adapter", () => {
  it("writes PEFT's files and the tokenizer, in place of an earlier model, and the other way round", async () => {
    await run({ maxSteps: 1 });
    expect(existsSync(join(folder, "out", "model.safetensors"))).toBe(true);
    const { notes, losses } = await run({ usePeft: true, loraTargetModules: ["all-linear"], loraR: 8 });
    expect(readdirSync(join(folder, "out")).sort()).toEqual([
      "adapter_config.json",
      "adapter_model.safetensors",
      "metrics.jsonl",
      "run.json",
      "special_tokens_map.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(notes).toMatch(
      /Training a LoRA adapter \(r 8, 35 modules\): 46[,.]?240 parameters, 17\.78 % of the model's\./,
    );
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.1);
    const config = await readAdapterConfig(join(folder, "out"));
    expect(config).toMatchObject({
      baseModel: shared("models/stories260k"),
      rank: 8,
      alpha: 32,
      dropout: 0.05,
    });
    await run({ maxSteps: 1 });
    expect(existsSync(join(folder, "out", "adapter_config.json"))).toBe(false);
  });

  it("goes on from an adapter with its settings", async () => {
    await run({ usePeft: true, loraR: 2, loraDropout: 0, outputDir: join(folder, "first") });
    const { notes, losses } = await run({ adapterNameOrPath: join(folder, "first"), maxSteps: 2 });
    expect(notes).toMatch(/r 2, 10 modules/);
    const fresh = await run({ usePeft: true, loraR: 2, loraDropout: 0, maxSteps: 2 });
    expect(losses[0]).toBeLessThan(fresh.losses[0]!);
  });

  it("takes the base model from the adapter, and notes another one", async () => {
    const first = join(folder, "named");
    await run({ usePeft: true, loraR: 2, outputDir: first, maxSteps: 1 });
    const going = { adapterNameOrPath: first, maxSteps: 1 };
    const named = await run({ ...going, modelNameOrPath: null });
    const given = await run(going);
    expect(named.losses).toEqual(given.losses);
    const base = shared("models/stories260k");
    expect(named.notes).toContain(
      `The base model is ${base}, as ${join(first, "adapter_config.json")} says.`,
    );
    expect(given.notes).not.toMatch(/The base model is|was made for/);
    const record = JSON.parse(readFileSync(join(folder, "out", "run.json"), "utf8"));
    expect(record.base_model.path).toBe(base);
    const copied = join(folder, "copy", "config.json");
    cpSync(base, join(folder, "copy"), { recursive: true });
    chmodSync(copied, 0o644);
    // One that was only moved would be the same.
    writeFileSync(copied, `${readFileSync(copied, "utf8")}\n`);
    const other = await run({ ...going, modelNameOrPath: join(folder, "copy") });
    expect(other.notes).toContain(`was made for ${base}, and is used with ${join(folder, "copy")}`);
  });

  it("refuses an adapter of another model before weights are loaded or anything is written", async () => {
    const first = join(folder, "small");
    await run({ usePeft: true, loraR: 2, outputDir: first, maxSteps: 1 });
    const outputDir = join(folder, "nothing");
    const changes = { adapterNameOrPath: first, modelNameOrPath: shared("models/tinystories-656k") };
    const input = { ...changes, dataset: join(folder, "rows.jsonl"), outputDir };
    const mismatch = { code: "ADAPTER_MISMATCH", message: expect.stringMatching(/instead of \(/) };
    await expect(run({ ...changes, outputDir })).rejects.toMatchObject(mismatch);
    await expect(planRun(input)).rejects.toMatchObject(mismatch);
    expect(existsSync(outputDir)).toBe(false);
  });

  it.each([
    { loadIn4bit: true, useBnbNestedQuant: true },
    { loadIn8bit: true },
    { useDora: true },
    { useRslora: true },
  ])("learns with %j", async (changes) => {
    const { losses } = await run({ usePeft: true, loraTargetModules: ["all-linear"], ...changes });
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.1);
  });

  describe("with new tokens", () => {
    const tokens = { addSpecialTokens: ["<|left|>", "<|right|>"] };
    const whole = { usePeft: true, loraModulesToSave: ["embed_tokens", "lm_head"] };

    it("grows embedding and head, goes on from there, generates and merges", async () => {
      const first = join(folder, "grown");
      const rows = join(folder, "tokens.jsonl");
      const row = JSON.stringify({ prompt: "<|left|>Once", completion: " upon a time<|right|>" });
      writeFileSync(rows, `${row}\n${row}\n`);
      const setting = { ...tokens, dataset: rows, perDeviceTrainBatchSize: 2, learningRate: 1e-2 };
      const { notes, losses } = await run({ ...setting, ...whole, outputDir: first });
      expect(notes).toMatch(/the vocabulary grows by 2 rows to 514/);
      expect(losses.at(-1)).toBeLessThan(losses[0]! - 1);
      const again = { ...setting, adapterNameOrPath: first, outputDir: join(folder, "grown-on") };
      const further = await run({ ...again, maxSteps: 2 });
      expect(further.losses[0]).toBeLessThan(losses.at(-1)! + 0.1);

      const base = await loadModel(shared("models/stories260k"), { dtype: "float32" });
      base.adapter = await loadAdapter(base, first);
      const tokenizer = await loadTokenizer(first);
      const prompts = ["<|left|>Once"];
      const generation = { maxNewTokens: 8, temperature: 0 };
      const [expected] = await generate(base, tokenizer, prompts, generation);
      expect(Math.max(...expected!.tokenIds)).toBeGreaterThanOrEqual(512);
      const { adapter } = base;
      const merged = mergeAdapter(base, adapter);
      adapter.dispose();
      await saveModel(merged, join(folder, "merged"), { sourceFolder: first });
      merged.dispose();
      const alone = await loadModel(join(folder, "merged"), { dtype: "float32" });
      expect(alone.config).toMatchObject({ vocabSize: 514, tieWordEmbeddings: false });
      const [actual] = await generate(alone, tokenizer, prompts, generation);
      expect(actual!.tokenIds).toEqual(expected!.tokenIds);
      alone.dispose();
    });

    it("refuses an adapter that leaves their rows as they are", async () => {
      const changes = { ...tokens, usePeft: true, outputDir: join(folder, "frozen") };
      await expect(run(changes)).rejects.toMatchObject({ code: "NEW_TOKENS_FROZEN" });
    });

    it("does not go on from an adapter without its tokens", async () => {
      const adapterNameOrPath = join(folder, "two-tokens");
      await run({ ...tokens, ...whole, maxSteps: 1, outputDir: adapterNameOrPath });
      const missing = { code: "ADAPTER_TOKENS_MISSING", message: expect.stringMatching(/<\|left\|>/) };
      await expect(run({ adapterNameOrPath })).rejects.toMatchObject(missing);
      const reversed = { addSpecialTokens: [...tokens.addSpecialTokens].reverse() };
      await expect(run({ adapterNameOrPath, ...reversed })).rejects.toMatchObject(missing);
      const more = { addSpecialTokens: [...tokens.addSpecialTokens, "<|more|>"] };
      await expect(run({ adapterNameOrPath, ...more })).rejects.toMatchObject({ code: "ADAPTER_MISMATCH" });
    });
  });

  it("learns beside embedding and head", async () => {
    const { losses } = await run({ usePeft: true, loraTargetModules: ["embed_tokens", "lm_head", "q_proj"] });
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.1);
  });

  it("reads names with commas", async () => {
    const { notes } = await run({
      usePeft: true,
      loraTargetModules: ["q_proj,k_proj", "up_proj"],
      maxSteps: 1,
    });
    expect(notes).toMatch(/15 modules/);
  });

  it("refuses modules that the model does not have before anything is written", async () => {
    const outputDir = join(folder, "nothing");
    await expect(run({ usePeft: true, loraTargetModules: ["query"], outputDir })).rejects.toMatchObject({
      code: "LORA_TARGETS",
    });
    expect(existsSync(outputDir)).toBe(false);
  });
});
