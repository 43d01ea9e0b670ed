/** A folder with a tiny untrained model that reads bytes, and rows to train it on. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors, scope } from "@one-token/torch";
import type { TrainInput } from "../../src/config/train-options.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { saveModel } from "../../src/models/save-model.js";
import { byteTokenizerJson } from "../data/byte-tokenizer.js";
import { tinyConfig } from "../models/tiny-config.js";

/** Where runs are made. */
export interface RunWorkspace {
  readonly folder: string;
  path(name: string): string;
  /** Options of a short run into `out`, which `changes` override. */
  input(changes?: Partial<TrainInput>): TrainInput;
  readJson(name: string): Record<string, unknown>;
  /** The lines of a JSONL file. */
  readLines(name: string): Record<string, unknown>[];
  /** Every number of the safetensors files in a folder. */
  numbersOf(name: string, files?: readonly string[]): Record<string, unknown>;
  dispose(): void;
}

/** @param changes of the model's configuration */
export async function makeRunWorkspace(changes: Record<string, unknown> = {}): Promise<RunWorkspace> {
  const folder = mkdtempSync(join(tmpdir(), "otr-run-"));
  const path = (name: string) => join(folder, name);
  const base = path("base");
  mkdirSync(base);
  writeFileSync(join(base, "tokenizer.json"), JSON.stringify(byteTokenizerJson()));
  const tokens = { eos_token: "<|endoftext|>", pad_token: "<pad>" };
  writeFileSync(join(base, "tokenizer_config.json"), JSON.stringify(tokens));
  const config = tinyConfig({ vocab_size: 260, eos_token_id: 259, ...changes });
  const model = initModel(parseModelConfig(config), { seed: 1 });
  await saveModel(model, base);
  model.dispose();
  const rows = Array.from({ length: 12 }, (_, at) => ({
    prompt: `say ${at}: `,
    completion: "yes".repeat(1 + (at % 3)),
  }));
  writeFileSync(path("rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const readText = (name: string) => readFileSync(path(name), "utf8");
  return {
    folder,
    path,
    input: (more = {}) => ({
      modelNameOrPath: base,
      dataset: path("rows.jsonl"),
      outputDir: path("out"),
      perDeviceTrainBatchSize: 2,
      gradientAccumulationSteps: 2,
      learningRate: 1e-3,
      loggingSteps: 2,
      saveStrategy: "no",
      bf16: false,
      device: "cpu",
      numThreads: 1,
      ...more,
    }),
    readJson: (name) => JSON.parse(readText(name)),
    readLines: (name) =>
      readText(name)
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    numbersOf: (name, files = ["model.safetensors"]) =>
      scope(() =>
        Object.fromEntries(
          files.flatMap((file) => {
            using stored = readSafetensors(join(path(name), file));
            return [...stored.tensors].map(([key, tensor]) => [`${file}: ${key}`, tensor.toArray()]);
          }),
        ),
      ),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
