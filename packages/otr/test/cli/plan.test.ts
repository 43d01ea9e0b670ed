import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveTensorCount } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { captureOutput, printed } from "./capture-output.js";
import { main } from "../../src/cli/main.js";
import { renderPlan } from "../../src/cli/plan.js";
import type { RunPlan } from "../../src/training/plan-run.js";
import { byteTokenizerJson } from "../data/byte-tokenizer.js";
import { tinyConfig } from "../models/tiny-config.js";

let folder: string;
const args = (...more: string[]) => [
  "plan",
  ...["--model_name_or_path", join(folder, "base"), "--dataset", join(folder, "rows.jsonl")],
  ...["--output_dir", join(folder, "out"), "--num_threads", "1", "--device", "cpu"],
  ...more,
];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-plan-"));
  const base = join(folder, "base");
  mkdirSync(base);
  const config = tinyConfig({ vocab_size: 260, eos_token_id: 259, num_hidden_layers: 6 });
  writeFileSync(join(base, "config.json"), JSON.stringify(config));
  writeFileSync(join(base, "tokenizer.json"), JSON.stringify(byteTokenizerJson()));
  const special = { eos_token: "<|endoftext|>", pad_token: "<pad>" };
  writeFileSync(join(base, "tokenizer_config.json"), JSON.stringify(special));
  // Not even opened.
  writeFileSync(join(base, "model.safetensors"), "these are no weights");
  const row = JSON.stringify({ prompt: "say: ", completion: "yes" });
  writeFileSync(join(folder, "rows.jsonl"), `${row}\n`.repeat(12));
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("otr plan", () => {
  it("needs no output folder", async () => {
    const args = [
      "plan",
      "--model_name_or_path",
      join(folder, "base"),
      "--dataset",
      join(folder, "rows.jsonl"),
    ];
    expect(await main([...args, "--num_threads", "1"])).toBe(0);
    expect(printed.stdout).toContain("optimizer");
  });

  it("prints one JSON document, reads no weights and writes nothing", async () => {
    const before = liveTensorCount();
    expect(await main(args("--json", "--per_device_train_batch_size", "4"))).toBe(0);
    const plan: RunPlan = JSON.parse(printed.stdout);
    expect(plan).toMatchObject({ modelType: "llama", layers: 6, optim: "adamw_torch_fused", threads: 1 });
    expect(plan.workload).toMatchObject({
      totalSteps: 9,
      rowsPerStep: 4,
      tokensPerStep: 36,
      totalTokens: 324,
    });
    expect(plan.largestBatch).toMatchObject({ rows: 4, tokens: 36, supervisedTokens: 16 });
    expect(plan.memory.weights).toBe(4 * plan.parameters);
    expect(plan.memory.peak).toBeGreaterThan(plan.memory.process);
    expect(plan.time!.step).toBeGreaterThan(0);
    expect(plan.time!.total).toBeCloseTo(9 * plan.time!.step, 9);
    expect(liveTensorCount()).toBe(before);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it.each([
    [[], "weights, float32"],
    [["--use_peft"], "frozen weights, float32; the adapter, float32"],
    [["--use_peft", "--load_in_4bit"], "frozen weights, projections in nf4; the adapter, float32"],
    [["--use_peft", "--load_in_8bit"], "frozen weights, projections in int8; the adapter, float32"],
  ])("says how weights are held with %j", async (options, words) => {
    expect(await main(args("--bf16", "false", ...options))).toBe(0);
    expect(printed.stdout).toContain(`  ${words.padEnd(60)}`);
  });

  it("does not try where the trial itself would not fit", async () => {
    vi.spyOn(process, "availableMemory").mockReturnValue(1000);
    expect(await main(args())).toBe(0);
    expect(printed.stdout).toContain("Warning: the run needs");
    expect(printed.stdout).not.toContain("tokens a second");
    expect(printed.stderr).toContain("does not suffice to measure how long a step takes");
  });

  it("never advises what is so already", async () => {
    const options = ["--per_device_train_batch_size", "1", "--packing", "true", "--max_length", "36"];
    expect(await main(args("--json", "--gradient_checkpointing", "false", ...options))).toBe(0);
    const plan: RunPlan = JSON.parse(printed.stdout);
    expect(plan.largestBatch.rows).toBeGreaterThan(1);
    expect(plan.savings.map(({ option }) => option)).not.toContain("per_device_train_batch_size");
  });

  it("prints tables of 80 columns, with what was read as notes", async () => {
    expect(await main(args())).toBe(0);
    expect(printed.stdout).toMatch(
      /^llama, 0\.0 M parameters, 6 layers; (bfloat16|float32) on cpu, 1 thread\n/,
    );
    for (const line of printed.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(printed.stdout).toMatch(/gradients that there are by then, float32 /);
    expect(printed.stdout).toMatch(/6 steps of 6 rows/);
    expect(printed.stderr).toContain("12 rows for training");
  });

  it("refuses what otr train refuses, with status 2", async () => {
    expect(await main(args("--learning_rate", "fast", "--optim", "adam"))).toBe(2);
    expect(printed.stderr).toContain("--learning_rate");
    expect(printed.stderr).toContain("--optim");
    expect(printed.stdout).toBe("");
  });

  it("explains itself", async () => {
    expect(await main(["plan", "--help"])).toBe(0);
    expect(printed.stdout).toContain("otr plan [CONFIG.yaml]");
    expect(printed.stdout).toContain("--json");
  });
});

const GIB = 2 ** 30;
const plan: RunPlan = {
  modelType: "qwen3",
  parameters: 600e6,
  layers: 28,
  computeDtype: "bfloat16",
  device: "cpu",
  threads: 2,
  optim: "muon",
  frozenFormat: null,
  workload: {
    totalSteps: 1000,
    rowsPerStep: 8,
    tokensPerStep: 1600,
    microBatchesPerStep: 1,
    totalTokens: 1_600_000,
  },
  largestBatch: { rows: 8, tokens: 3000, supervisedTokens: 2000 },
  memory: {
    process: 0.25 * GIB,
    weights: 2 * GIB,
    checkpoint: 0,
    copies: GIB,
    gradients: 2 * GIB,
    optimizer: 3 * GIB,
    reference: 0,
    activations: 0.5 * GIB,
    during: "the head",
    working: 0.25 * GIB,
    peak: 9 * GIB,
  },
  availableMemory: 8 * GIB,
  savings: [{ option: "optim", value: "adafactor", bytes: 3 * GIB }],
  time: { step: 12.5, total: 12_500, tokensPerSecond: 128 },
  notes: [],
};

describe("the plan as text", () => {
  it("names the moment that holds most, and what is at work then", () => {
    expect(renderPlan(plan)).toMatch(/at its peak, in the head\n/);
    expect(renderPlan(plan)).toMatch(/block of logits.* 256\.0 MiB/);
    const backward = { ...plan, memory: { ...plan.memory, during: "the backward pass" } } as const;
    expect(renderPlan(backward)).toMatch(/at its peak, in the backward pass\n/);
    expect(renderPlan(backward)).toMatch(/of the layer that it is in.* 256\.0 MiB/);
    expect(renderPlan(backward)).not.toContain("block of logits");
  });

  it("warns where the memory is not there", () => {
    expect(renderPlan(plan)).toContain("Warning: the run needs 1.00 GiB more than is available");
    expect(renderPlan({ ...plan, availableMemory: 9 * GIB })).not.toContain("Warning");
    expect(renderPlan({ ...plan, availableMemory: null })).not.toContain("available here");
  });

  it("tells time, and what would lower the memory", () => {
    const text = renderPlan(plan);
    expect(text).toContain("1000 steps of 8 rows and 1600 tokens, 1,600,000 tokens in all.");
    expect(text).toContain("12.5 s a step, 128 tokens a second, 3 h 28 min in all.");
    expect(text).toMatch(/--optim adafactor +-3\.00 GiB/);
    expect(renderPlan({ ...plan, savings: [] })).not.toContain("lower");
    expect(renderPlan({ ...plan, time: null })).not.toContain("a second");
    expect(renderPlan({ ...plan, memory: { ...plan.memory, copies: 0 } })).not.toContain("copies");
  });
});
