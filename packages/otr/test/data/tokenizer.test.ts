import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LITERAL_MARK } from "../../src/data/control-tokens.js";
import { checkTokenizerFitsModel, loadTokenizer } from "../../src/data/tokenizer.js";
import { hasShared, shared } from "../shared.js";
import {
  bytes,
  byteTokenizerJson,
  CHATML,
  chatModelFolder,
  END_OF_TEXT,
  folderWith,
  IM_END,
  IM_START,
  PAD,
  temporaryFolder,
} from "./byte-tokenizer.js";

const loadWith = (files: Readonly<Record<string, unknown>>) => loadTokenizer(folderWith(files));

describe.skipIf(!hasShared)("the tokenizers of real models", () => {
  it.each(["stories260k", "tinystories-656k"])("%s encodes and decodes as its reference", async (model) => {
    const folder = shared(`models/${model}`);
    const reference = JSON.parse(readFileSync(join(folder, "reference.json"), "utf8"));
    const tokenizer = await loadTokenizer(folder);
    expect(tokenizer.vocabSize).toBe(
      JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).vocab_size,
    );
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId]).toEqual([1, 2]);
    expect(await tokenizer.encode(reference.prompt)).toEqual(reference.input_ids);
    const story = await tokenizer.decode(reference.greedy_ids, { skipSpecialTokens: true });
    expect(reference.greedy_text).toContain(story.trim());
  });

  // The ids and texts that transformers 5.23.0 gives.
  it.each([
    ["stories260k", "Hi there</s> x", [1, 320, 417, 383, 2, 410, 410, 444], "Hi there  x"],
    ["tinystories-656k", "abc<|end_story|>", [1, 639, 55, 2], "abc"],
    ["skills-812k", "12+3=\n4", [3, 4, 39, 5, 42, 1, 6], "12+3=4"],
  ])("%s reads special tokens in plain text", async (model, text, ids, visible) => {
    const tokenizer = await loadTokenizer(shared(`models/${model}`));
    expect(await tokenizer.encode(text)).toEqual(ids);
    expect(await tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(visible);
  });

  it("names the ids of skills-812k, whose end token is a line feed", async () => {
    const { bosTokenId, eosTokenId, padTokenId, stopTokenIds, files } = await loadTokenizer(
      shared("models/skills-812k"),
    );
    expect({ bosTokenId, eosTokenId, padTokenId, stopTokenIds, files }).toEqual({
      bosTokenId: 1,
      eosTokenId: 1,
      padTokenId: 0,
      stopTokenIds: [1],
      files: ["tokenizer.json", "tokenizer_config.json"],
    });
  });
});

describe("loadTokenizer", () => {
  it("reads ids, stop ids, template and files", async () => {
    const tokenizer = await loadTokenizer(
      chatModelFolder({ files: { "generation_config.json": { eos_token_id: [IM_END, END_OF_TEXT] } } }),
    );
    expect(tokenizer.vocabSize).toBe(260);
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.padTokenId]).toEqual([null, IM_END, PAD]);
    expect(tokenizer.stopTokenIds).toEqual([IM_END, END_OF_TEXT]);
    expect(tokenizer.chatTemplate).toBe(CHATML);
    expect(tokenizer.files).toEqual(["tokenizer.json", "tokenizer_config.json"]);
    expect(tokenizer.files.every((name) => existsSync(join(tokenizer.folder, name)))).toBe(true);
  });

  it("reads tokens that are written as objects, and special_tokens_map.json where the configuration has none", async () => {
    const tokenizer = await loadWith({
      "tokenizer.json": byteTokenizerJson(),
      "tokenizer_config.json": { eos_token: { content: "<|im_end|>", lstrip: false } },
      "special_tokens_map.json": { eos_token: "<|endoftext|>", bos_token: { content: "<|im_start|>" } },
    });
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.padTokenId]).toEqual([
      IM_START,
      IM_END,
      null,
    ]);
  });

  it("takes the end ids of config.json where there is no generation_config.json", async () => {
    const files = { "tokenizer.json": byteTokenizerJson(), "config.json": { eos_token_id: END_OF_TEXT } };
    expect((await loadWith(files)).stopTokenIds).toEqual([END_OF_TEXT]);
  });

  it.each([
    ["chat_template.jinja beats the configuration", { "chat_template.jinja": "file" }, "inline", "file"],
    [
      "a list has a default",
      {},
      [
        { name: "tool_use", template: "t" },
        { name: "default", template: "d" },
      ],
      "d",
    ],
    ["a list without a default", {}, [{ name: "tool_use", template: "t" }], null],
    ["none", {}, undefined, null],
  ])("chat template: %s", async (_, files, inline, expected) => {
    const tokenizer = await loadTokenizer(chatModelFolder({ config: { chat_template: inline }, files }));
    expect(tokenizer.chatTemplate).toBe(expected);
  });

  it("adds special tokens that only the configuration names, behind the vocabulary", async () => {
    const tokenizer = await loadTokenizer(
      chatModelFolder({
        config: {
          added_tokens_decoder: { 260: { content: "<tool>", special: false } },
          additional_special_tokens: ["<extra>"],
          extra_special_tokens: { image: "<image>" },
        },
      }),
    );
    const ids = await tokenizer.encode("<tool><extra><image>");
    expect(ids).toEqual([260, 261, 262]);
    expect(tokenizer.vocabSize).toBe(263);
    expect(tokenizer.controlTokens).toContain("<extra>");
    expect(tokenizer.controlTokens).not.toContain("<tool>");
  });

  it("counts a token that ends generation among the control tokens, special or not", async () => {
    const json = byteTokenizerJson();
    const added = json.added_tokens as Record<string, unknown>[];
    for (const token of added) token.special = false;
    const tokenizer = await loadWith({
      "tokenizer.json": json,
      "generation_config.json": { eos_token_id: IM_END },
    });
    expect(tokenizer.controlTokens).toEqual(["<|im_end|>"]);
  });

  it("ignores a truncation and padding that the file brings along", async () => {
    const truncation = { direction: "Right", max_length: 3, strategy: "LongestFirst", stride: 0 };
    const padding = {
      strategy: { Fixed: 8 },
      direction: "Right",
      pad_to_multiple_of: null,
      pad_id: PAD,
      pad_type_id: 0,
      pad_token: "<pad>",
    };
    const tokenizer = await loadWith({ "tokenizer.json": byteTokenizerJson({ truncation, padding }) });
    expect(await tokenizer.encode("abcdef")).toEqual(bytes("abcdef"));
    expect(await tokenizer.encode("a")).toEqual(bytes("a"));
  });

  it.each([
    [
      "an empty folder",
      {},
      "TOKENIZER_MISSING",
      /has no tokenizer.json \(it has no tokenizer files at all\).*save_pretrained/,
    ],
    [
      "a SentencePiece model",
      { "tokenizer.model": "x" },
      "TOKENIZER_MISSING",
      /it has tokenizer.model.*save_pretrained/,
    ],
    ["broken JSON", { "tokenizer.json": "{" }, "TOKENIZER_INVALID", /tokenizer.json is not valid JSON/],
    ["another document", { "tokenizer.json": [1] }, "TOKENIZER_INVALID", /does not hold a JSON object/],
    ["no model", { "tokenizer.json": { version: "1.0" } }, "TOKENIZER_INVALID", /is no tokenizer/],
    [
      "a broken configuration",
      { "tokenizer.json": byteTokenizerJson(), "tokenizer_config.json": "{,}" },
      "TOKENIZER_INVALID",
      /tokenizer_config.json is not valid JSON/,
    ],
  ])("refuses %s", async (_, files, code, message) => {
    await expect(loadWith(files)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("refuses a folder that is not there", async () => {
    const folder = join(temporaryFolder(), "nowhere");
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code: "TOKENIZER_MISSING" });
  });
});

describe("encoding", () => {
  it("keeps batches in order, with and without literal marks", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const texts = ["a", `<${LITERAL_MARK}|im_end|>`, "", "<|im_end|>"];
    const expected = [bytes("a"), bytes("<|im_end|>"), [], [IM_END]];
    expect(await tokenizer.encodeBatch(texts)).toEqual(expected);
    const tokenized = await tokenizer.encodeWithOffsets(texts);
    expect(tokenized.map(({ ids }) => ids)).toEqual(expected);
    expect(await tokenizer.encodeBatch([])).toEqual([]);
  });

  it("gives offsets in code points of the text without marks", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const [plain, marked] = await tokenizer.encodeWithOffsets([
      "👋é<|im_end|>",
      `👋<${LITERAL_MARK}|im_end|>z`,
    ]);
    expect(plain!.offsets).toEqual([...Array(4).fill([0, 1]), ...Array(2).fill([1, 2]), [2, 12]]);
    expect(marked!.ids).toEqual(bytes("👋<|im_end|>z"));
    expect(marked!.offsets.slice(0, 6)).toEqual([...Array(4).fill([0, 1]), [1, 2], [2, 3]]);
    expect(marked!.offsets.at(-1)).toEqual([11, 12]);
  });

  it("survives text that is no proper Unicode, and ids that are none", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    expect(await tokenizer.encode("a\ud800b")).toEqual(bytes("a\ufffdb"));
    expect(await tokenizer.decode([1_000_000])).toBe("");
    expect(await tokenizer.decode([])).toBe("");
  });
});

describe("a text that is too much for the native library", () => {
  it("is refused where white space has no end", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const run = `ab${" ".repeat(5_000_001)}`;
    await expect(tokenizer.encode(run)).rejects.toMatchObject({
      code: "TEXT_TOO_LONG",
      message: expect.stringMatching(
        /^a text has 5,000,001 white space characters in a row, .* begins "ab {38}"$/,
      ),
    });
  });

  it("is refused with the file's name where the vocabulary has no word for it", async () => {
    const model = { type: "WordLevel", unk_token: "[UNK]", vocab: { a: 0 } };
    const tokenizer = await loadWith({
      "tokenizer.json": { ...byteTokenizerJson(), model, added_tokens: [] },
    });
    await expect(tokenizer.encode("b")).rejects.toMatchObject({
      code: "TOKENIZER_FAILED",
      message: expect.stringMatching(/tokenizer\.json cannot encode what it was given \(WordLevel error/),
    });
  });
});

describe("checkTokenizerFitsModel", () => {
  it("allows a larger embedding and refuses a smaller one", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    checkTokenizerFitsModel(tokenizer, 260);
    checkTokenizerFitsModel(tokenizer, 320);
    expect(() => checkTokenizerFitsModel(tokenizer, 259)).toThrowError(
      expect.objectContaining({
        code: "TOKENIZER_DOES_NOT_FIT",
        message: expect.stringMatching(/ids up to 259, but the model's vocab_size is 259/),
      }),
    );
  });
});
