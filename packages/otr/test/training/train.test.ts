import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveTensorCount, noGrad, readSafetensors, scope } from "@one-token/torch";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { saveModel } from "../../src/models/save-model.js";
import type { TrainEvent } from "../../src/training/events.js";
import { train } from "../../src/training/train.js";
import { byteTokenizerJson } from "../data/byte-tokenizer.js";
import { tinyConfig } from "../models/tiny-config.js";

let folder = "";
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "otr-train-"));
  await writeBase();
  const rows = Array.from({ length: 12 }, (_, at) => ({
    prompt: `say ${at}: `,
    completion: "yes".repeat(1 + (at % 3)),
  }));
  writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** A tiny untrained model that reads bytes; `spoil` may damage its weights. */
async function writeBase(spoil: (model: ReturnType<typeof initModel>) => void = () => {}) {
  const base = join(folder, "base");
  mkdirSync(base, { recursive: true });
  writeFileSync(join(base, "tokenizer.json"), JSON.stringify(byteTokenizerJson()));
  writeFileSync(
    join(base, "tokenizer_config.json"),
    JSON.stringify({ eos_token: "<|endoftext|>", pad_token: "<pad>" }),
  );
  const model = initModel(parseModelConfig(tinyConfig({ vocab_size: 260, eos_token_id: 259 })), { seed: 1 });
  spoil(model);
  await saveModel(model, base);
  model.dispose();
}

const input = (changes: Partial<TrainInput> = {}): TrainInput => ({
  ...(changes.maxSteps === undefined && { numTrainEpochs: 2 }),
  modelNameOrPath: join(folder, "base"),
  dataset: join(folder, "rows.jsonl"),
  outputDir: join(folder, "out"),
  perDeviceTrainBatchSize: 2,
  gradientAccumulationSteps: 2,
  learningRate: 1e-3,
  loggingSteps: 2,
  bf16: false,
  device: "cpu",
  numThreads: 1,
  ...changes,
});
const readJson = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const readLines = (name: string) =>
  readFileSync(join(folder, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const weightsOf = (name: string) => {
  using file = readSafetensors(join(folder, name, "model.safetensors"));
  return scope(() => [...file.tensors].map(([key, value]) => [key, value.toArray()]));
};

describe("tokens that are added", () => {
  it("get rows, are trained, and go with the model", async () => {
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
    const notes: string[] = [];
    const onEvent = (event: TrainEvent) => event.type === "start" && notes.push(...event.notes);
    writeFileSync(join(folder, "rows.jsonl"), '{"prompt": "a", "completion": "b<end>"}\n');
    const options = { addSpecialTokens: ["<start>", "<end>"], eosToken: "<end>", maxSteps: 3 };
    await train(input(options), { onEvent });
    expect(notes.join("\n")).toMatch(
      /<start> <end>: the vocabulary grows by 2 rows to 262\. Texts end with <end>\./,
    );
    expect(readJson("out/config.json")).toMatchObject({ vocab_size: 262, eos_token_id: 261 });
    expect(readJson("out/generation_config.json").eos_token_id).toBe(261);
    expect(readJson("out/tokenizer_config.json").eos_token).toBe("<end>");
    const weights = new Map(weightsOf("out") as [string, number[]][]);
    const row = (id: number) => weights.get("model.embed_tokens.weight")!.slice(16 * id, 16 * id + 16);
    // Both began as the mean; the end was learned.
    expect(row(261)).not.toEqual(row(260));
  });

  it("are refused beside an adapter, which would leave their rows as they are", async () => {
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
    const refused = train(input({ addSpecialTokens: ["<end>"], usePeft: true }));
    await expect(refused).rejects.toMatchObject({ code: "NEW_TOKENS_FROZEN" });
    // Rows to spare do not help: no training has seen them.
    const config = readJson("base/config.json");
    expect(config.vocab_size).toBe(260);
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
});

describe("train", () => {
  it("writes a model, its record and its metrics, and frees everything", async () => {
    const before = liveTensorCount();
    const events: TrainEvent[] = [];
    const result = await train(
      input({ evalDataset: join(folder, "rows.jsonl"), evalStrategy: "epoch", otrBaseline: "value" }),
      { onEvent: (event) => events.push(event) },
    );
    expect(liveTensorCount()).toBe(before);
    expect(result).toMatchObject({ status: "completed", steps: 6, outputDir: join(folder, "out") });
    expect(readdirSync(join(folder, "out")).sort()).toEqual([
      "config.json",
      "metrics.jsonl",
      "model.safetensors",
      "run.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "tokens.jsonl",
      "value_head.safetensors",
    ]);
    expect(weightsOf("out")).not.toEqual(weightsOf("base"));

    const lines = readLines("out/metrics.jsonl");
    expect(lines.map((line) => [line.step, "eval_loss" in line])).toEqual([
      [2, false],
      [3, true],
      [4, false],
      [6, false],
      [6, true],
    ]);
    expect(Object.keys(lines[0]).sort()).toEqual(
      [
        "entropy epoch grad_norm learning_rate loss mean_token_accuracy memory_bytes nll num_supervised_tokens num_tokens",
        "otr_hit_rate otr_mean_reward skipped_rows step step_time target_probability time tokens_per_second value_loss",
      ]
        .join(" ")
        .split(" ")
        .sort(),
    );
    expect(lines[0].learning_rate).toBeCloseTo(1e-3 * (5 / 6), 12);
    expect(lines[0].otr_mean_reward).toBeCloseTo(-0.1 + 1.1 * lines[0].otr_hit_rate, 5);
    expect(readJson("out/run.json")).toMatchObject({
      status: "completed",
      config: { loss_type: "otr", otr_baseline: "value", max_grad_norm: 1, adam_beta1: 0.9 },
      data: { train: { rows: 12, truncated: 0 } },
      hardware: { device: "cpu", compute_dtype: "float32", threads: 1 },
    });
    expect(events.map((event) => event.type)).toEqual([
      "load",
      "loaded",
      "start",
      ...["step", "step", "step", "evaluate", "step", "step", "step", "evaluate"],
      "end",
    ]);
  });

  it("gives the same weights for the same seed, and others for another", async () => {
    await train(input());
    const first = weightsOf("out");
    await train(input({ outputDir: join(folder, "again") }));
    expect(weightsOf("again")).toEqual(first);
    await train(input({ outputDir: join(folder, "other"), seed: 1 }));
    expect(weightsOf("other")).not.toEqual(first);
  });

  it("lowers the loss, in bfloat16 too", async () => {
    for (const bf16 of [false, true]) {
      const losses: number[] = [];
      await train(input({ lossType: "nll", maxSteps: 40, loggingSteps: 1, bf16, learningRate: 1e-2 }), {
        onEvent: (event) => {
          if (event.type === "step" && event.metrics) losses.push(event.metrics.loss);
        },
      });
      expect(losses[0]).toBeGreaterThan(5);
      expect(losses.at(-1)).toBeLessThan(2);
    }
  });

  it.each([
    ["adamw_8bit", 1e-2],
    ["adafactor", 1e-2],
    ["sgd", 0.5],
    ["muon", 1e-2],
  ] as const)(
    "lowers the loss with %s, clipped and on a schedule, and leaves nothing behind",
    async (optim, learningRate) => {
      const before = liveTensorCount();
      const losses: number[] = [];
      const notes: string[] = [];
      const options = {
        optim,
        learningRate,
        lrSchedulerType: "cosine",
        warmupSteps: 4,
        weightDecay: 0.01,
      } as const;
      await train(input({ lossType: "nll", maxSteps: 40, loggingSteps: 1, bf16: true, ...options }), {
        onEvent: (event) => {
          if (event.type === "start") notes.push(...event.notes);
          if (event.type === "step" && event.metrics) losses.push(event.metrics.loss);
        },
      });
      expect(losses[0]).toBeGreaterThan(5);
      expect(losses.at(-1)).toBeLessThan(3);
      expect(notes).toContainEqual(expect.stringContaining(`The optimizer ${optim} holds `));
      expect(readJson("out/run.json").config.optim).toBe(optim);
      expect(liveTensorCount()).toBe(before);
    },
  );

  it("packs whole rows into bins and trains as with their rows in batches", async () => {
    let notes: readonly string[] = [];
    const changes: Partial<TrainInput> = { packing: true, maxLength: 40, perDeviceTrainBatchSize: 1 };
    const onEvent = (event: TrainEvent) => {
      if (event.type === "start") notes = event.notes;
    };
    const result = await train(input({ ...changes, gradientAccumulationSteps: 99, numTrainEpochs: 1 }), {
      onEvent,
    });
    // 12 rows, 170 tokens: at best 5 bins of 40.
    expect(notes).toContainEqual(
      expect.stringMatching(/^Packed into 5 bins of at most 40 tokens, 85.0 % full/),
    );
    const unpacked: Partial<TrainInput> = { perDeviceTrainBatchSize: 12, gradientAccumulationSteps: 1 };
    const whole = await train(input({ ...unpacked, numTrainEpochs: 1, outputDir: join(folder, "whole") }));
    expect([result.steps, whole.steps]).toEqual([1, 1]);
    expect(result.metrics.num_tokens).toBe(170);
    for (const name of ["loss", "nll", "grad_norm", "otr_hit_rate", "num_tokens"] as const) {
      expect(result.metrics[name], name).toBeCloseTo(whole.metrics[name]!, 4);
    }
    const stepwise = await train(input({ ...changes, outputDir: join(folder, "stepwise") }));
    expect(stepwise.steps).toBe(6); // 5 bins, 2 a step, 2 epochs
    expect(stepwise.metrics.num_tokens).toBe(2 * 170);
  });

  it("keeps the tokens of a large data set, unless it shall not", async () => {
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
    const tokens = join(folder, "cache/one-token-rollout/tokens");
    const rows = join(folder, "large.jsonl");
    writeFileSync(rows, `${JSON.stringify({ text: "x".repeat(1000) })}\n`.repeat(1100));
    const run = (changes: Partial<TrainInput>) =>
      train(input({ dataset: rows, maxLength: 8, truncationMode: "keep_end", maxSteps: 1, ...changes }));
    await run({ dataset: join(folder, "rows.jsonl") });
    const unkept = await run({ loadFromCacheFile: false });
    expect(existsSync(tokens)).toBe(false);
    const cold = await run({});
    expect(readdirSync(tokens)).toHaveLength(1);
    const warm = await run({});
    expect(readdirSync(tokens)).toHaveLength(1);
    expect([cold.metrics.loss, warm.metrics.loss]).toEqual([unkept.metrics.loss, unkept.metrics.loss]);
    expect(readJson("out/run.json").data.train).toMatchObject({ rows: 1100, truncated: 1100 });
  });

  it("sees the longest row first with group_by_length", async () => {
    const one: Partial<TrainInput> = {
      perDeviceTrainBatchSize: 1,
      gradientAccumulationSteps: 1,
      maxSteps: 1,
    };
    const { metrics } = await train(input({ ...one, trainSamplingStrategy: "group_by_length" }));
    expect(metrics.num_tokens).toBe("say 11: yesyesyes".length + 1);
  });

  it("refuses a base model that holds NaN, before anything is written", async () => {
    await writeBase((model) => {
      noGrad(() => scope(() => model.parameters.get("model.norm.weight")!.detach().fill_(Number.NaN)));
    });
    await expect(train(input())).rejects.toMatchObject({
      code: "WEIGHTS_NOT_FINITE",
      message: expect.stringContaining("model.norm.weight"),
    });
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it("stops before a loss that is not finite reaches the weights, and names the rows", async () => {
    await writeBase((model) => {
      noGrad(() => scope(() => model.parameters.get("model.norm.weight")!.detach().fill_(3e38)));
    });
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => events.push(event);
    const run = train(input({ trainSamplingStrategy: "sequential" }), { onEvent });
    await expect(run).rejects.toMatchObject({ code: "NONFINITE_LOSS" });
    await expect(run).rejects.toThrow(/step 1 .* rows 1, 2 of .*rows\.jsonl /);
    expect(events.at(-1)).toMatchObject({
      type: "end",
      status: "failed",
      summary: [
        expect.stringContaining("no model was saved"),
        expect.stringContaining(join(folder, "out/metrics.jsonl")),
      ],
    });

    expect(existsSync(join(folder, "out/model.safetensors"))).toBe(false);
    expect(readJson("out/run.json")).toMatchObject({ status: "failed" });
  });

  it("saves what was learned before it failed", async () => {
    const straight = await train(input({ outputDir: join(folder, "straight") }), {
      shouldStop: (() => {
        let steps = 0;
        return () => ++steps === 3;
      })(),
    });
    let summary: readonly string[] = [];
    const run = train(input(), {
      onEvent: (event) => {
        if (event.type === "step" && event.step === 3) throw new Error("the watcher broke");
        if (event.type === "end") summary = event.summary;
      },
    });
    await expect(run).rejects.toThrow("the watcher broke");
    expect(summary[0]).toContain(join(folder, "out/checkpoint-3"));
    expect(weightsOf("out/checkpoint-3")).toEqual(weightsOf("straight/checkpoint-3"));
    expect(straight.steps).toBe(3);
    expect(readJson("out/run.json")).toMatchObject({ status: "failed", reason: "the watcher broke" });
  });

  it("keeps the record of an earlier run until its model is replaced", async () => {
    await train(input({ maxSteps: 1 }));
    const first = weightsOf("out");
    let steps = 0;
    const summaries: string[] = [];
    await train(input({ maxSteps: 5, seed: 1 }), {
      shouldStop: () => ++steps === 2,
      onEvent: (event) => event.type === "end" && summaries.push(...event.summary),
    });
    expect(weightsOf("out")).toEqual(first);
    expect(readJson("out/run.previous.json")).toMatchObject({
      status: "completed",
      config: { max_steps: 1 },
    });
    expect(readLines("out/metrics.previous.jsonl")).toHaveLength(1);
    expect(summaries.at(-1)).toMatch(/still that of the earlier run; run.previous.json/);
    const shouldStop = () => {
      throw new Error("the watcher broke");
    };
    const again = input({ maxSteps: 2, overwriteOutputDir: true });
    await expect(train(again, { shouldStop })).rejects.toThrow("the watcher broke");
    expect(readJson("out/run.previous.json")).toMatchObject({ config: { max_steps: 1 } });
    await train(input({ maxSteps: 3, overwriteOutputDir: true }));
    expect(readdirSync(join(folder, "out")).filter((name) => name.includes("previous"))).toEqual([]);
    expect(weightsOf("out")).not.toEqual(first);
  });

  it("saves a checkpoint when it is asked to stop", async () => {
    let steps = 0;
    const result = await train(input(), { shouldStop: () => ++steps === 3 });
    expect(result).toMatchObject({
      status: "interrupted",
      steps: 3,
      outputDir: join(folder, "out/checkpoint-3"),
    });
    expect(readdirSync(result.outputDir)).toContain("model.safetensors");
    expect(readJson("out/run.json")).toMatchObject({ status: "interrupted" });
    expect(existsSync(join(folder, "out/model.safetensors"))).toBe(false);
  });

  it("writes and loads nothing when the data is wrong", async () => {
    writeFileSync(join(folder, "rows.jsonl"), '{"prompt": "a", "completion": "b"}\n{"prompt": 5}\n');
    await expect(train(input())).rejects.toMatchObject({ code: "DATASET_ROWS" });
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it("replaces an earlier run, leaves nothing of it, and says so", async () => {
    await train(input({ otrBaseline: "value", maxSteps: 1 }));
    expect(readdirSync(join(folder, "out"))).toContain("value_head.safetensors");
    let notes: readonly string[] = [];
    await train(input({ maxSteps: 1 }), {
      onEvent: (event) => {
        if (event.type === "start") notes = event.notes;
      },
    });
    expect(notes[0]).toMatch(/holds an earlier run, which this one replaces once it is done/);
    expect(readdirSync(join(folder, "out"))).not.toContain("value_head.safetensors");
  });

  it("says that other files stay in the folder", async () => {
    mkdirSync(join(folder, "out"));
    writeFileSync(join(folder, "out/notes.txt"), "mine");
    const notes: string[] = [];
    await train(input({ maxSteps: 1 }), {
      onEvent: (event) => event.type === "start" && notes.push(...event.notes),
    });
    expect(notes[0]).toMatch(/out holds other files already, which stay there/);
    expect(readFileSync(join(folder, "out/notes.txt"), "utf8")).toBe("mine");
  });

  it("refuses to write over the base model, through a link too", async () => {
    symlinkSync(join(folder, "base"), join(folder, "alias"));
    await expect(train(input({ outputDir: join(folder, "alias") }))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it("gives up an evaluation when it is asked to stop", async () => {
    let asked = 0;
    const events: string[] = [];
    const result = await train(
      input({ evalDataset: join(folder, "rows.jsonl"), evalStrategy: "steps", evalSteps: 1 }),
      { shouldStop: () => ++asked > 2, onEvent: (event) => events.push(event.type) },
    );
    expect(result).toMatchObject({ status: "interrupted", steps: 1 });
    expect(events).not.toContain("evaluate");
  });

  it("warns of a low hit rate with the remedy", async () => {
    const { outputDir } = await train(input());
    expect(outputDir).toBe(join(folder, "out"));
    expect(readJson("out/run.json").summary.join(" ")).toMatch(/of the sampled tokens .* --nll_coef/);
  });

  it("ships the chat template that it trained with", async () => {
    const template = join(folder, "template.jinja");
    writeFileSync(template, "{% for m in messages %}{{ m.content + '<|endoftext|>' }}{% endfor %}");
    writeFileSync(
      join(folder, "rows.jsonl"),
      `${JSON.stringify({
        messages: [
          { role: "user", content: "a" },
          { role: "assistant", content: "b" },
        ],
      })}\n`,
    );
    await train(input({ chatTemplatePath: template }));
    expect(readFileSync(join(folder, "out/chat_template.jinja"), "utf8")).toBe(
      readFileSync(template, "utf8"),
    );
  });
});

describe("profile", () => {
  it("writes where the time of the steps goes, by phases that make up each step", async () => {
    const events: TrainEvent[] = [];
    await train(input({ profile: true, maxSteps: 3 }), { onEvent: (event) => events.push(event) });
    const { otherData, traceEvents } = readJson("out/profile.json");
    const phases = [
      "batch",
      "inputs",
      "forward",
      "head and objective",
      "backward",
      "gradient norm",
      "optimizer",
      "other",
    ];
    expect(otherData.phases.map(({ name }: { name: string }) => name)).toEqual(phases);
    const sum = otherData.phases.reduce((total: number, { share }: { share: number }) => total + share, 0);
    expect(sum).toBeCloseTo(1, 9);
    expect(otherData.dropped).toBe(0);
    const names = new Set(traceEvents.map(({ name }: { name: string }) => name));
    for (const name of ["step 2", "step 3", "otr::linear", "autograd::backward", "otr::adamw_"]) {
      expect(names).toContain(name);
    }
    const end = events.at(-1);
    expect(end?.type === "end" && end.summary.join("\n")).toContain("profile.json");
  });

  it("leaves no file where it is off, and can be asked for again after a run that failed", async () => {
    await train(input({ maxSteps: 2 }));
    expect(existsSync(join(folder, "out", "profile.json"))).toBe(false);
    const failing = train(input({ profile: true, maxSteps: 3, outputDir: join(folder, "failed") }), {
      onEvent(event) {
        if (event.type === "step" && event.step === 2) throw new Error("the watcher failed");
      },
    });
    await expect(failing).rejects.toThrow("the watcher failed");
    const again = { maxSteps: 2, outputDir: join(folder, "again") };
    await train(input({ profile: true, ...again }));
    expect(existsSync(join(folder, "again", "profile.json"))).toBe(true);
    await train(input(again));
    expect(existsSync(join(folder, "again", "profile.json"))).toBe(false);
  });

  it("is not taken for an earlier run's where no run was", async () => {
    mkdirSync(join(folder, "own"));
    writeFileSync(join(folder, "own", "profile.json"), "mine");
    await train(input({ maxSteps: 1, outputDir: join(folder, "own") }));
    expect(readFileSync(join(folder, "own", "profile.json"), "utf8")).toBe("mine");
  });

  it("is not what a finished run fails of", async () => {
    const events: TrainEvent[] = [];
    const result = await train(input({ profile: true, maxSteps: 2 }), {
      onEvent(event) {
        events.push(event);
        if (event.type === "start") mkdirSync(join(folder, "out", "profile.json"));
      },
    });
    expect(result.status).toBe("completed");
    const end = events.at(-1);
    expect(end?.type === "end" && end.summary.join("\n")).toMatch(/profile could not be written: .*EISDIR/);
    expect(readJson("out/run.json").status).toBe("completed");
  });
});
