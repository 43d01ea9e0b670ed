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
export type RunWorkspace = Awaited<ReturnType<typeof makeRunWorkspace>>;

/** @param changes of the model's configuration */
export async function makeRunWorkspace(changes: Record<string, unknown> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "otr-run-"));
  const path = (...names: string[]) => join(folder, ...names);
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
  /** Returns the path of the file. */
  const writeRows = (name: string, some: readonly object[]) => {
    writeFileSync(path(name), some.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return path(name);
  };
  writeRows("rows.jsonl", rows);
  const readText = (names: string[]) => readFileSync(path(...names), "utf8");
  return {
    folder,
    path,
    writeRows,
    /** Options of a short run into `out`, which `more` override. */
    input: (more: Partial<TrainInput> = {}): TrainInput => ({
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
    readJson: (...names: string[]) => JSON.parse(readText(names)),
    /** The lines of a JSONL file. */
    readLines: (...names: string[]) =>
      readText(names)
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    /** Every number of the safetensors files in a folder. */
    numbersOf: (name: string, files: readonly string[] = ["model.safetensors"]) =>
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
