import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrainInput } from "../../src/config/train-options.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { saveModel } from "../../src/models/save-model.js";
import type { TrainEvent } from "../../src/training/events.js";
import { type TrainOptions, train } from "../../src/training/train.js";
import { byteTokenizerJson, CHATML } from "../data/byte-tokenizer.js";
import { tinyConfig } from "../models/tiny-config.js";

const page = readFileSync(new URL("../../../../docs/files.md", import.meta.url), "utf8");

/** The names in the first column of the tables under a heading. */
function namesUnder(heading: string): string[] {
  const section = page.split(/^#+ /m).find((text) => text.startsWith(heading));
  return [...(section ?? "").matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!);
}

let folder = "";
/** Files, fields of metrics.jsonl and fields of run.json that the runs wrote. */
const written = { files: new Set<string>(), metrics: new Set<string>(), run: new Set<string>() };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "otr-files-"));
  const base = join(folder, "base");
  const model = initModel(parseModelConfig(tinyConfig({ vocab_size: 260, eos_token_id: 259 })), { seed: 1 });
  await saveModel(model, base);
  model.dispose();
  writeFileSync(join(base, "tokenizer.json"), JSON.stringify(byteTokenizerJson()));
  writeFileSync(join(base, "tokenizer_config.json"), JSON.stringify({ eos_token: "<|endoftext|>" }));
  writeFileSync(join(base, "generation_config.json"), "{}");
  writeFileSync(join(base, "chat_template.jinja"), CHATML);
  writeFileSync(join(folder, "rows.jsonl"), '{"prompt": "a", "completion": "b"}\n');
  await run({
    otrBaseline: "value",
    evalDataset: join(folder, "rows.jsonl"),
    evalStrategy: "epoch",
    evalPrompts: ["a"],
    reportTo: ["tensorboard"],
  });
  await run({ outputDir: join(folder, "adapter"), usePeft: true, profile: true });
  // Over the model of the first.
  await run({ maxSteps: 2 }, { shouldStop: () => true });
  await run({ maxSteps: 2, resumeFromCheckpoint: true, loggingSteps: 1 });
  await run({
    outputDir: join(folder, "early"),
    maxSteps: 5,
    evalDataset: join(folder, "rows.jsonl"),
    evalStrategy: "steps",
    evalSteps: 1,
    earlyStoppingPatience: 1,
    earlyStoppingThreshold: 100,
  });
  await run({
    outputDir: join(folder, "answers"),
    lossType: "grpo",
    rewardFuncs: ["exact_match"],
    maxCompletionLength: 2,
    beta: 0.1,
  });
  const onEvent = ({ type }: TrainEvent) => {
    if (type === "start") throw new Error("stopped");
  };
  await expect(run({ outputDir: join(folder, "failed") }, { onEvent })).rejects.toThrow("stopped");
  note(join(folder, "failed"));
  const watched = { lossWatchdogThreshold: 0.1, lossWatchdogPatience: 1, outputDir: join(folder, "watched") };
  await expect(run(watched)).rejects.toThrow("loss_watchdog_threshold");
  note(join(folder, "watched"));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

async function run(changes: Partial<TrainInput>, options?: TrainOptions): Promise<void> {
  const input: TrainInput = {
    modelNameOrPath: join(folder, "base"),
    dataset: join(folder, "rows.jsonl"),
    outputDir: join(folder, "out"),
    maxSteps: 1,
    bf16: false,
    device: "cpu",
    ...changes,
  };
  await train(input, options);
  note(input.outputDir!);
}

function note(output: string): void {
  for (const name of readdirSync(output)) {
    written.files.add(name.replace(/^checkpoint-\d+$/, "checkpoint-N/").replace(/^runs$/, "runs/"));
  }
  const lines = readFileSync(join(output, "metrics.jsonl"), "utf8").split("\n");
  for (const line of lines) {
    if (line === "") continue;
    for (const name of Object.keys(JSON.parse(line)))
      written.metrics.add(name.replace("rewards/exact_match/", "rewards/NAME/"));
  }
  const record: Record<string, unknown> = JSON.parse(readFileSync(join(output, "run.json"), "utf8"));
  for (const name of fieldsOf(record)) written.run.add(name);
}

/** Paths of the fields, as the page names them. */
function fieldsOf(record: object, prefix = ""): string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const name = `${prefix}${key}`;
    const isGroup = ["versions", "hardware", "seeds", "data", "data.train"].includes(name);
    return isGroup ? fieldsOf(value, `${name}.`) : [name];
  });
}

it("has each file that runs write, and no other", () => {
  const others = ["tokenizer_config.json"]; // in the row of tokenizer.json
  const expected = [...written.files].filter((name) => !others.includes(name));
  expect(namesUnder("The files of a run").sort()).toEqual(expected.sort());
});

it("has each field of metrics.jsonl, and no other", () => {
  expect(namesUnder("`metrics.jsonl`").sort()).toEqual([...written.metrics].sort());
});

it("has each field of run.json, and no other", () => {
  const ofTheHub = ["adapter", "pushed"];
  expect(namesUnder("`run.json`").sort()).toEqual([...written.run, ...ofTheHub].sort());
});
