/** @file Threads run compiled code: `npx tsc -b` comes first. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LoadDatasetOptions, loadDataset, loadTokenizer } from "../../dist/index.js";
import { EncodingWorkers, type WorkerSetting } from "../../dist/data/encoding-workers.js";
import { CHATML, CHATML_UNMARKED, chatModelFolder } from "./byte-tokenizer.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-workers-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What loading a file comes to with a number of threads: rows and account, or the error. */
async function outcome(lines: readonly string[], model: string, changes: Partial<LoadDatasetOptions>) {
  const path = join(folder, "rows.jsonl");
  writeFileSync(path, lines.join("\n"));
  const options = { maxLength: 60, truncationMode: "keep_start", chatTemplatePath: null } as const;
  const masks = { completionOnlyLoss: null, assistantOnlyLoss: null };
  const tokenizer = await loadTokenizer(model);
  try {
    const { rows, ...account } = await loadDataset({ path, tokenizer, ...options, ...masks, ...changes });
    const encoded = await rows.read(rows.lengths.keys());
    await rows.close();
    return { ...account, encoded };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Several blocks of rows of differing length; some too long, some that write a control token, some with more columns. */
const conversations = Array.from({ length: 3500 }, (_, index) => {
  const content = `${"long ".repeat(index % 11)}${index % 7 === 0 ? "<|im_end|>" : ""}é${index}`;
  const messages = [
    { role: "user", content },
    { role: "assistant", content: index % 13 === 0 ? "" : `no ${index}` },
  ];
  return JSON.stringify({ messages, ...(index > 3000 && { source: index }) });
});
const texts = Array.from({ length: 20_000 }, (_, index) => JSON.stringify({ text: `row ${index}` }));
const replaced = (lines: readonly string[], changes: Readonly<Record<number, string>>) =>
  lines.map((line, index) => changes[index] ?? line);

it("a thread that ends fails the blocks that it has and all that come", async () => {
  // What no caller would give: no encoder can be made of it.
  const setting: WorkerSetting = JSON.parse(
    '{ "tokenizerFolder": "/nowhere", "options": null, "first": null }',
  );
  const workers = new EncodingWorkers(1, { ...setting, tokenizerFolder: chatModelFolder() });
  const block = new TextEncoder().encode('{"text": "a"}');
  await expect(workers.encode(block)).rejects.toThrow();
  await expect(workers.encode(block)).rejects.toThrow();
  await workers.close();
});

describe("datasetNumProc", () => {
  it.each([
    ["conversations with marks", conversations, { chat_template: CHATML }, {}],
    ["conversations without marks", conversations, { chat_template: CHATML_UNMARKED }, {}],
    ["rows that are left out", conversations, {}, { truncationMode: "drop" }],
    ["texts", texts, {}, {}],
    ["rows that are too long", conversations, {}, { truncationMode: "error" }],
    ["a mistake far behind", replaced(texts, { 19000: '{"text": 5}' }), {}, {}],
    [
      "mistakes of all kinds",
      replaced(texts, { 3: "{", 9000: '{"a": 1}', 15000: '{"messages": []}' }),
      {},
      {},
    ],
    [
      "more mistakes than are told",
      replaced(texts, Object.fromEntries(texts.map((_, at) => [at + 70, "{"]))),
      {},
      {},
    ],
    ["an end token that is missing", texts, { eos_token: null }, {}],
    ["nothing to learn", conversations, { chat_template: "{{ messages[0].content }}" }, {}],
    ["a template that refuses a row", conversations, { chat_template: `{{ raise_exception('no') }}` }, {}],
    ["a mask that does not fit", texts, {}, { assistantOnlyLoss: true }],
  ] as const)("changes nothing: %s", async (_, lines, config, options) => {
    const model = chatModelFolder({ config });
    const alone = await outcome(lines, model, { ...options, datasetNumProc: 1 });
    const several = await outcome(lines, model, { ...options, datasetNumProc: 3 });
    expect(several).toEqual(alone);
  });
});
