import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { loadModel } from "../../src/models/load-model.js";
import { planRun } from "../../src/training/plan-run.js";
import { train } from "../../src/training/train.js";
import { reference, referenceTokens } from "../gguf/references.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-gguf-"));
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  const rows = Array.from({ length: 4 }, (_, at) => ({
    messages: [
      { role: "user", content: `The river and number ${at}?` },
      { role: "assistant", content: "the quiet answer" },
    ],
  }));
  writeFileSync(join(folder, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const input = () => ({
  modelNameOrPath: reference("qwen2.gguf"),
  dataset: join(folder, "rows.jsonl"),
  outputDir: join(folder, "out"),
  maxSteps: 2,
  learningRate: 1e-2,
  bf16: false,
  device: "cpu",
  numThreads: 1,
});

describe("training from a GGUF file", () => {
  it("writes an ordinary model folder, with the tokenizer and template of the file", async () => {
    const { outputDir, status } = await train(input());
    expect(status).toBe("completed");
    expect(readdirSync(outputDir)).toEqual(
      expect.arrayContaining([
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "chat_template.jinja",
      ]),
    );
    expect(JSON.parse(readFileSync(join(outputDir, "config.json"), "utf8"))).toMatchObject({
      dtype: "bfloat16",
    });
    const tokenizer = await loadTokenizer(outputDir);
    const { texts, byteLevel } = referenceTokens();
    expect(await tokenizer.encodeBatch(texts)).toEqual(byteLevel);
    const model = await loadModel(outputDir);
    expect(model.parameters.size).toBeGreaterThan(20);
    model.dispose();
  });

  it("can be planned", async () => {
    expect(await planRun(input())).toMatchObject({ modelType: "qwen2", layers: 2 });
  });
});
