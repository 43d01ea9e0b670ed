/** @file A folder with a tiny model and rows, and runs of a second or less in it. */
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

/** A folder of its own in the system's folder for temporary files. */
export class TrainingWorkspace {
  readonly folder = mkdtempSync(join(tmpdir(), "otr-workspace-"));

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** A model that was never trained and reads bytes, in `base`. */
  async writeModel(): Promise<void> {
    const base = this.path("base");
    mkdirSync(base, { recursive: true });
    writeFileSync(join(base, "tokenizer.json"), JSON.stringify(byteTokenizerJson()));
    writeFileSync(
      join(base, "tokenizer_config.json"),
      JSON.stringify({ eos_token: "<|endoftext|>", pad_token: "<pad>" }),
    );
    const config = parseModelConfig(tinyConfig({ vocab_size: 260, eos_token_id: 259 }));
    const model = initModel(config, { seed: 1 });
    await saveModel(model, base);
    model.dispose();
  }

  writeRows(name: string, rows: readonly object[]): string {
    writeFileSync(this.path(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return this.path(name);
  }

  /** Options of a run on `rows.jsonl` into `out`. */
  input(changes: Partial<TrainInput> = {}): TrainInput {
    return {
      modelNameOrPath: this.path("base"),
      dataset: this.path("rows.jsonl"),
      outputDir: this.path("out"),
      maxSteps: 4,
      perDeviceTrainBatchSize: 2,
      learningRate: 1e-3,
      loggingSteps: 1,
      bf16: false,
      device: "cpu",
      numThreads: 1,
      ...changes,
    };
  }

  readJson(...names: string[]) {
    return JSON.parse(readFileSync(this.path(...names), "utf8"));
  }

  readLines(...names: string[]) {
    const text = readFileSync(this.path(...names), "utf8").trimEnd();
    return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
  }

  /** Names and numbers of the tensors of a model in `folder`. */
  weightsOf(folder: string): [string, unknown][] {
    using file = readSafetensors(this.path(folder, "model.safetensors"));
    return scope(() => [...file.tensors].map(([key, value]): [string, unknown] => [key, value.toArray()]));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
