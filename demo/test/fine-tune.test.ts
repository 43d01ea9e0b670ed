import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDataset, loadTokenizer } from "one-token-rollout";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainingFile } from "../src/fine-tune.js";
import { tokenizerConfig, tokenizerJson } from "../src/tokenizer.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-fine-tune-"));
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tokenizerJson()));
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify(tokenizerConfig()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("training rows as tokens", () => {
  it("are newline, question, answer, newline, with loss on the answer and the last newline", async () => {
    const path = join(folder, "train.jsonl");
    writeFileSync(path, trainingFile([{ prompt: "12*3=", answer: "2*3:6;36" }]));
    const { rows: store, summary } = await loadDataset({
      path,
      tokenizer: await loadTokenizer(folder),
      maxLength: 1024,
      truncationMode: "keep_start",
      completionOnlyLoss: null,
      assistantOnlyLoss: null,
      chatTemplatePath: null,
    });
    const [row] = await store.read([0]);
    await store.close();
    // By the recipe: 0 padding, 1 newline, then 0123456789, the letters, and " +-*=()[]{}:;,.&<>|".
    const alphabet = "\0\n0123456789abcdefghijklmnopqrstuvwxyz +-*=()[]{}:;,.&<>|";
    const ids = [..."\n12*3=2*3:6;36\n"].map((character) => alphabet.indexOf(character));
    expect([...row!.inputIds]).toEqual(ids);
    expect([...row!.labels]).toEqual([...new Array<number>(6).fill(-100), ...ids.slice(6)]);
    expect(summary).toMatchObject({ rows: 1, truncated: 0, endTokenLost: 0, endTokenUntrained: 0 });
  });
});
