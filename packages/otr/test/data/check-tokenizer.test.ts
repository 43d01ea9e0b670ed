import { describe, expect, it } from "vitest";
import { checkTokenizer } from "../../src/data/check-tokenizer.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { byteTokenizerJson, folderWith } from "./byte-tokenizer.js";

const bpe = (changes: object) => ({
  type: "BPE",
  vocab: { a: 0, b: 1, ab: 2 },
  merges: [["a", "b"]],
  ...changes,
});
const replace = (pattern: object, content = "x") => ({ normalizer: { type: "Replace", pattern, content } });
const template = (single: readonly object[], tokens: object) => ({
  post_processor: { type: "TemplateProcessing", single, pair: [], special_tokens: tokens },
});
const text = { Sequence: { id: "A", type_id: 0 } };

/** Each of these ends the process where the library meets it. */
const FATAL: [string, Record<string, unknown>, RegExp][] = [
  [
    "a merge longer than every token",
    { model: bpe({ merges: [["ab", "b"]] }) },
    /merge 1, "ab b", makes a token/,
  ],
  ["a merge as text", { model: bpe({ merges: ["a b", "ab ab"] }) }, /merge 2, "ab ab"/],
  ["a merge in bytes", { model: bpe({ vocab: { ß: 0, a: 1, ab: 2 }, merges: ["ß a"] }) }, /merge 1/],
  ["a merge without its prefix", { model: bpe({ continuing_subword_prefix: "##" }) }, /merge 1, "a b"/],
  ["a pattern of nothing", replace({ String: "" }), /normalizer: Replace has a pattern that matches nothing/],
  ["an expression of nothing", replace({ Regex: "a*" }), /matches nothing too/],
  ["nothing to prepend", { normalizer: { type: "Prepend", prepend: "" } }, /Prepend has nothing/],
  [
    "a map that is none",
    { normalizer: { type: "Precompiled", precompiled_charsmap: "AAAA" } },
    /charsmap that is cut/,
  ],
  [
    "pieces of no length",
    { pre_tokenizer: { type: "FixedLength", length: 0 } },
    /FixedLength needs a length/,
  ],
  [
    "an unknown token in a template",
    template([{ SpecialToken: { id: "<s>" } }, text], {}),
    /names in single/,
  ],
  ["a second text in a template", template([{ Sequence: { id: "B", type_id: 0 } }], {}), /names in single/],
  ["a strip of ends", { decoder: { type: "Strip", content: "a", start: 0, stop: 2 } }, /Strip with a stop/],
  [
    "an expression that tries 2^n ways",
    { pre_tokenizer: { type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated", invert: false } },
    /Split has a pattern that repeats what repeats itself.*"\(a\+\)\+\$"/,
  ],
];

const OTHERS: [string, Record<string, unknown>, RegExp][] = [
  [
    "ids that the model has no row for",
    template([text], { "<s>": { id: "<s>", ids: [2 ** 32 - 1], tokens: ["<s>"] } }),
    /token "<s>" whose ids are not in the vocabulary/,
  ],
  [
    "the same of BERT",
    { post_processor: { type: "BertProcessing", sep: ["a", -1], cls: ["b", 1] } },
    /token sep/,
  ],
  [
    "texts that grow without bound",
    {
      normalizer: {
        type: "Sequence",
        normalizers: Array(20).fill(replace({ String: "a" }, "aa").normalizer),
      },
    },
    /normalizer makes a text up to 1048576 times as long/,
  ],
  [
    "steps without end",
    { decoder: { type: "Sequence", decoders: Array(100).fill({ type: "Fuse" }) } },
    /decoder has more than 64 steps/,
  ],
  ["a step without a type", { normalizer: { prepend: "" } }, /normalizer has a step without a type/],
];

describe("checkTokenizer", () => {
  it.each([...FATAL, ...OTHERS])("refuses %s", (_name, changes, reason) => {
    expect(() => checkTokenizer({ ...byteTokenizerJson(), ...changes }, 259)).toThrow(reason);
  });

  it("refuses a sequence in a sequence in a sequence ...", () => {
    let step: object = { type: "NFC" };
    for (let depth = 0; depth < 100_000; depth++) step = { type: "Sequence", normalizers: [step] };
    expect(() => checkTokenizer({ normalizer: step }, 0)).toThrow(/more than 64 steps/);
  });

  it("is asked before the library is, and the file is named", async () => {
    for (const [, changes, reason] of FATAL) {
      const folder = folderWith({ "tokenizer.json": { ...byteTokenizerJson(), ...changes } });
      const loading = loadTokenizer(folder);
      await expect(loading).rejects.toMatchObject({ code: "TOKENIZER_INVALID" });
      await expect(loading).rejects.toThrow(reason);
      await expect(loading).rejects.toThrow(`${folder}/tokenizer.json`);
    }
  });

  it("bounds texts where a pattern takes the square of their length", async () => {
    const pattern = { Regex: "\\w*(?=\\W)" };
    const json = {
      ...byteTokenizerJson(),
      pre_tokenizer: { type: "Split", pattern, behavior: "Isolated", invert: false },
    };
    expect(checkTokenizer(json, 259)).toBe(10_000);
    expect(checkTokenizer({ ...json, ...replace({ String: "a" }, "aaaa") }, 259)).toBe(2_500);
    expect(checkTokenizer(byteTokenizerJson(), 259)).toBe(Number.POSITIVE_INFINITY);
    const tokenizer = await loadTokenizer(folderWith({ "tokenizer.json": json }));
    expect(await tokenizer.encode("a".repeat(2_000))).toHaveLength(2_000);
    await expect(tokenizer.encode("a".repeat(10_001))).rejects.toMatchObject({
      code: "TEXT_TOO_LONG",
      message: expect.stringMatching(/10,001 characters, and the time .* at most 10,000 are read at once/),
    });
  });

  it("checks what the library reads, where a name stands twice", async () => {
    const json = JSON.stringify(byteTokenizerJson()).replace(
      '"normalizer":null',
      '"normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA"},"normalizer":null',
    );
    const tokenizer = await loadTokenizer(folderWith({ "tokenizer.json": json }));
    expect(await tokenizer.encode("ab")).toEqual([97, 98]);
  });
});
