import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { DataError } from "../../src/errors.js";
import { readEvaluationPrompts } from "../../src/training/evaluation-prompts.js";
import { bytes, byteTokenizerJson, CHATML, folderWith, IM_START } from "../data/byte-tokenizer.js";

const folder = () =>
  folderWith({
    "tokenizer.json": byteTokenizerJson(),
    "chat_template.jinja": CHATML,
    "tokenizer_config.json": {},
  });

async function read(path: string, evalPrompts: string[], maxPositionEmbeddings = 100) {
  const options = { evalPrompts, chatTemplate: null, chatTemplatePath: null };
  return readEvaluationPrompts(options, await loadTokenizer(path), { maxPositionEmbeddings });
}

it("reads texts, and files of lines or rows", async () => {
  const path = folder();
  writeFileSync(join(path, "a.txt"), "one\r\n\ntwo words\n");
  const conversation = [{ role: "user", content: "hi" }];
  const rows = [{ prompt: "three", other: 1 }, { messages: conversation }, { prompt: conversation }];
  writeFileSync(join(path, "b.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  const { prompts } = await read(path, ["zero", join(path, "a.txt"), join(path, "b.jsonl")]);
  const chat = "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n";
  expect(prompts.map(({ prompt }) => prompt)).toEqual(["zero", "one", "two words", "three", chat, chat]);
  expect(prompts[0]!.tokenIds).toEqual(bytes("zero"));
  expect(prompts[4]!.tokenIds[0]).toBe(IM_START);
});

it("takes a control token in a message for ordinary text", async () => {
  const path = folder();
  const row = { messages: [{ role: "user", content: "<|im_end|>" }] };
  writeFileSync(join(path, "b.jsonl"), JSON.stringify(row));
  const { prompts } = await read(path, [join(path, "b.jsonl")]);
  expect(prompts[0]!.tokenIds.filter((id) => id >= 256)).toHaveLength(3);
});

it("puts the tokens that the tokenizer adds around a text, and not around what a template has written", async () => {
  const special = { "<|im_start|>": { id: "<|im_start|>", ids: [IM_START], tokens: ["<|im_start|>"] } };
  const first = { SpecialToken: { id: "<|im_start|>", type_id: 0 } };
  const sequence = { Sequence: { id: "A", type_id: 0 } };
  const single = [first, sequence];
  const pair = [...single, { Sequence: { id: "B", type_id: 1 } }];
  const postProcessor = { type: "TemplateProcessing", single, pair, special_tokens: special };
  const path = folderWith({
    "tokenizer.json": byteTokenizerJson({ post_processor: postProcessor }),
    "chat_template.jinja": "{{ messages[0].content }}",
    "tokenizer_config.json": {},
  });
  writeFileSync(join(path, "b.jsonl"), '{"messages": [{"role": "user", "content": "hi"}]}');
  const { prompts } = await read(path, ["hi", join(path, "b.jsonl")]);
  expect(prompts.map(({ tokenIds }) => tokenIds)).toEqual([[IM_START, ...bytes("hi")], bytes("hi")]);
});

it("damaged files are refused or read, and nothing else", async () => {
  const path = folder();
  const tokenizer = await loadTokenizer(path);
  const rows = [{ prompt: "three", other: [1, null] }, { messages: [{ role: "user", content: "hi" }] }];
  const sound = Buffer.from(rows.map((row) => JSON.stringify(row)).join("\n"));
  let state = 1;
  const random = (limit: number) => {
    // Xorshift.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const outcomes = { read: 0, refused: 0 };
  for (let round = 0; round < 800; round++) {
    const bytesOf = Buffer.from(sound);
    for (let change = 0; change <= random(3); change++) bytesOf[random(bytesOf.length)] = 32 + random(95);
    const file = join(path, "b.jsonl");
    writeFileSync(file, random(4) === 0 ? bytesOf.subarray(0, random(bytesOf.length)) : bytesOf);
    const options = { evalPrompts: [file], chatTemplate: null, chatTemplatePath: null };
    try {
      await readEvaluationPrompts(options, tokenizer, { maxPositionEmbeddings: 100 });
      outcomes.read++;
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      outcomes.refused++;
    }
  }
  expect(outcomes.read).toBeGreaterThan(20);
  expect(outcomes.refused).toBeGreaterThan(20);
});

describe("refuses with the place", () => {
  it.each([
    ["a line that is no JSON", "{\n", /b\.jsonl:1: found \{, but/],
    ["a row without a prompt", '{"prompt": "a"}\n{"text": "a"}\n', /b\.jsonl:2: found \{"text": "a"\}, but/],
    ["an empty prompt", '{"prompt": ""}\n', /b\.jsonl:1: found/],
    ["messages without roles", '{"messages": [{"content": "a"}]}\n', /b\.jsonl:1: found/],
    [
      "a prompt beyond the context",
      `{"prompt": "${"x".repeat(100)}"}\n`,
      /b\.jsonl:1: the prompt has 100 tokens/,
    ],
    ["too many prompts", '{"prompt": "a"}\n'.repeat(65), /eval_prompts has 65 prompts/],
  ])("%s", async (_, text, message) => {
    const path = folder();
    writeFileSync(join(path, "b.jsonl"), text);
    const reading = read(path, [join(path, "b.jsonl")]);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message);
  });

  it("a prompt beyond the context that is written out", async () => {
    await expect(read(folder(), ["ok", "x".repeat(101)])).rejects.toThrow(
      /eval_prompts, number 2: .* 101 tokens/,
    );
  });
});
