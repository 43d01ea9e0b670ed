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
