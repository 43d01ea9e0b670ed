import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTokenizer, type Tokenizer } from "../../src/data/tokenizer.js";
import { makeTokenizer } from "../../src/gguf/make-tokenizer.js";
import { PRE_TOKENIZERS } from "../../src/gguf/pre-tokenizers.js";
import { readGguf } from "../../src/gguf/read-gguf.js";
import { hasShared, shared } from "../shared.js";
import { reference, referenceTokens } from "./references.js";
import { type Value, value, writeGguf } from "./write-gguf.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-gguf-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The tokenizer of a file, as the library for tokenizers has it. */
function tokenizerOf(path: string): Promise<Tokenizer> {
  const made = makeTokenizer(readGguf(path));
  for (const name of ["tokenizer.json", "tokenizer_config.json"] as const) {
    writeFileSync(join(folder, name), JSON.stringify(made[name]));
  }
  return loadTokenizer(folder);
}

const madeOf = (metadata: Record<string, Value>) => {
  const path = join(folder, "file.gguf");
  writeGguf(path, { metadata });
  return tokenizerOf(path);
};

const { texts, byteLevel, sentencepiece } = referenceTokens();

describe("makeTokenizer", () => {
  it("encodes as the byte-level tokenizer that the file was made from, and back", async () => {
    const tokenizer = await tokenizerOf(reference("qwen2.gguf"));
    expect(await tokenizer.encodeBatch(texts)).toEqual(byteLevel);
    for (const [index, text] of texts.entries()) {
      expect(await tokenizer.decode(byteLevel[index]!)).toBe(text.normalize("NFC"));
    }
    expect(tokenizer.controlTokens).toEqual(["<|endoftext|>", "<|im_start|>", "<|im_end|>"]);
    expect(tokenizer.namedTokens.get("eos_token")).toBe("<|im_end|>");
  });

  it("encodes as SentencePiece does, and back", async () => {
    const tokenizer = await tokenizerOf(reference("llama.gguf"));
    // SentencePiece takes the names of its control tokens for ordinary text.
    const plain = texts.map((text, index) => [text, sentencepiece[index]!] as const);
    for (const [text, ids] of plain.filter(([text]) => !text.includes("<s>"))) {
      expect(await tokenizer.encode(text), JSON.stringify(text)).toEqual(text === "" ? [1] : ids);
      const spoken = text.replaceAll("\u2581", " ");
      expect(await tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(spoken);
    }
    expect(await tokenizer.encode("<s>a</s>", { addSpecialTokens: false })).toMatchObject({ 0: 1 });
    expect([tokenizer.bosTokenId, tokenizer.eosTokenId, tokenizer.padTokenId]).toEqual([1, 2, null]);
  });

  const tokens = ["<unk>", "<s>", "</s>", "\u2581", "a", "b", "ab", "<0x63>", "\u2581a"];
  const sentencePieceFile = {
    "tokenizer.ggml.model": value.string("llama"),
    "tokenizer.ggml.tokens": value.strings(tokens),
    "tokenizer.ggml.scores": value.float32s([0, 0, 0, -9, -9, -9, -1, 0, -2]),
    "tokenizer.ggml.token_type": value.int32s([2, 3, 3, 1, 1, 1, 1, 6, 1]),
  };

  it("puts tokens around a text as the file says", async () => {
    expect(await (await madeOf(sentencePieceFile)).encode("abc")).toEqual([1, 3, 6, 7]);
    const both = { ...sentencePieceFile, "tokenizer.ggml.add_eos_token": value.boolean(true) };
    expect(await (await madeOf(both)).encode("ab")).toEqual([1, 3, 6, 2]);
    const none = { ...sentencePieceFile, "tokenizer.ggml.add_bos_token": value.boolean(false) };
    expect(await (await madeOf(none)).encode("ab")).toEqual([3, 6]);
    const noSpace = { ...sentencePieceFile, "tokenizer.ggml.add_space_prefix": value.boolean(false) };
    const tokenizer = await madeOf(noSpace);
    expect(await tokenizer.encode("ab")).toEqual([1, 6]);
    expect(await tokenizer.decode([6, 3, 4])).toBe("ab a");
  });

  it("orders merges by score, then by the length of their left part, as transformers does", () => {
    const path = join(folder, "merges.gguf");
    writeGguf(path, {
      metadata: {
        "tokenizer.ggml.model": value.string("llama"),
        "tokenizer.ggml.tokens": value.strings(["<unk>", "<s>", "</s>", "a", "b", "ab", "ba", "aba", "abab"]),
        "tokenizer.ggml.scores": value.float32s([0, 0, 0, -1, -2, -5, -3, -5, -5]),
      },
    });
    const { model } = makeTokenizer(readGguf(path))["tokenizer.json"];
    // generate_merges of convert_slow_tokenizer.py with these scores
    expect(model).toHaveProperty("merges", [
      ["b", "a"],
      ["aba", "b"],
      ["ab", "ab"],
      ["ab", "a"],
      ["a", "ba"],
      ["a", "b"],
    ]);
  });

  it("merges Gemma's tokens in their own order, whatever their scores", async () => {
    const gemma = {
      "general.architecture": value.string("gemma3"),
      "tokenizer.ggml.model": value.string("llama"),
      "tokenizer.ggml.tokens": value.strings(["<unk>", "<s>", "</s>", "ab", "bc", "a", "b", "c", "  "]),
      "tokenizer.ggml.scores": value.float32s([0, 0, 0, -9, -1, 0, 0, 0, -1000]),
      "tokenizer.ggml.token_type": value.int32s([2, 3, 3, 1, 1, 1, 1, 1, 4]),
      "tokenizer.ggml.add_space_prefix": value.boolean(false),
    };
    const tokenizer = await madeOf(gemma);
    expect(await tokenizer.encode("abc  c", { addSpecialTokens: false })).toEqual([3, 7, 8, 7]);
    const llama = await madeOf({ ...gemma, "general.architecture": value.string("llama") });
    expect(await llama.encode("abc  c", { addSpecialTokens: false })).toEqual([5, 4, 8, 7]);
  });

  it.each([
    ["gpt-2", [..."zoo"].map((letter) => byteAlphabet().indexOf(letter))],
    ["llama-bpe", [257]],
  ])("takes a word that is a token whole where the split says so: %s", async (pre, expected) => {
    const tokenizer = await madeOf({
      ...byteLevelFile(pre),
      "tokenizer.ggml.tokens": value.strings([...byteAlphabet(), "<|end|>", "zoo"]),
      "tokenizer.ggml.token_type": value.int32s([...byteAlphabet().map(() => 1), 3, 1]),
      "tokenizer.ggml.merges": value.strings([]),
    });
    expect(await tokenizer.encode("zoo", { addSpecialTokens: false })).toEqual(expected);
  });

  const byteLevelFile = (pre: string): Record<string, Value> => ({
    "tokenizer.ggml.model": value.string("gpt2"),
    "tokenizer.ggml.pre": value.string(pre),
    "tokenizer.ggml.tokens": value.strings([...byteAlphabet(), "<|end|>", "th", "the"]),
    "tokenizer.ggml.token_type": value.int32s([...byteAlphabet().map(() => 1), 3, 1, 1]),
    "tokenizer.ggml.merges": value.strings(["t h", "th e"]),
    "tokenizer.ggml.bos_token_id": value.uint32(256),
  });

  it.each(Object.keys(PRE_TOKENIZERS))("splits texts as %s without losing any of them", async (pre) => {
    const tokenizer = await madeOf(byteLevelFile(pre));
    const odd = texts.filter((text) => text === text.normalize("NFC"));
    const encoded = await tokenizer.encodeBatch(odd, { addSpecialTokens: false });
    for (const [index, text] of odd.entries()) expect(await tokenizer.decode(encoded[index]!)).toBe(text);
    expect(await tokenizer.encode("the", { addSpecialTokens: false })).toEqual([258]);
    const withBos = await tokenizer.encode("");
    expect(withBos).toEqual(PRE_TOKENIZERS[pre]!.addsBos ? [256] : []);
  });

  const digits = [..."1234"].map((digit) => byteAlphabet().indexOf(digit));
  it.each([
    ["qwen2", [...digits]],
    ["llama-bpe", [258, digits[3]!]],
    ["gpt-2", [259]],
    ["smollm", [...digits]],
    ["tekken", [...digits]],
    ["gpt-4o", [258, digits[3]!]],
  ])("splits digits as %s does", async (pre, expected) => {
    const numbers = {
      ...byteLevelFile(pre),
      "tokenizer.ggml.tokens": value.strings([...byteAlphabet(), "<|end|>", "12", "123", "1234"]),
      "tokenizer.ggml.token_type": value.int32s([...byteAlphabet().map(() => 1), 3, 1, 1, 1]),
      "tokenizer.ggml.merges": value.strings(["1 2", "12 3", "123 4"]),
    };
    const tokenizer = await madeOf(numbers);
    expect(await tokenizer.encode("1234", { addSpecialTokens: false })).toEqual(expected);
  });

  it.each<[string, Record<string, Value>, RegExp]>([
    ["no tokens", { "tokenizer.ggml.model": value.string("gpt2") }, /lacks the tokens of its vocabulary/],
    [
      "another model",
      { ...sentencePieceFile, "tokenizer.ggml.model": value.string("t5") },
      /its tokenizer is "t5" .* gpt2 and llama are read/,
    ],
    [
      "an unknown way to split",
      byteLevelFile("klingon"),
      /texts are split as "klingon" \(tokenizer.ggml.pre\); known are default, gpt-2/,
    ],
    ["a name of Object's", byteLevelFile("constructor"), /texts are split as "constructor"/],
    [
      "merges of what is no token",
      { ...byteLevelFile("gpt-2"), "tokenizer.ggml.merges": value.strings(["t h", "x y"]) },
      /merge 1 of its vocabulary, "x y", is not made of tokens/,
    ],
    [
      "a token twice",
      { ...sentencePieceFile, "tokenizer.ggml.tokens": value.strings([...tokens.slice(1), "a"]) },
      /the tokens 3 and 8 are both "a"/,
    ],
    [
      "too few kinds",
      { ...sentencePieceFile, "tokenizer.ggml.token_type": value.int32s([1]) },
      /token_type tells of 1 of 9 tokens/,
    ],
    [
      "too few scores",
      { ...sentencePieceFile, "tokenizer.ggml.scores": value.float32s([1]) },
      /scores tells of 1 of 9 tokens/,
    ],
    [
      "an end token that is none",
      { ...sentencePieceFile, "tokenizer.ggml.eos_token_id": value.uint32(9) },
      /eos_token_id is 9, but the vocabulary has the ids 0 to 8/,
    ],
  ])("refuses %s", (_, metadata, message) => {
    const path = join(folder, "bad.gguf");
    writeGguf(path, { metadata });
    expect(() => makeTokenizer(readGguf(path))).toThrow(message);
  });

  it("refuses a file without a way to split, and one that adds a token it does not have", () => {
    const path = join(folder, "bad.gguf");
    const { "tokenizer.ggml.pre": _, ...old } = byteLevelFile("gpt-2");
    writeGguf(path, { metadata: old });
    expect(() => makeTokenizer(readGguf(path))).toThrow(/does not say how texts are split into words/);
    const { "tokenizer.ggml.bos_token_id": __, ...headless } = byteLevelFile("llama-bpe");
    writeGguf(path, { metadata: headless });
    expect(() => makeTokenizer(readGguf(path))).toThrow(/texts get a bos token .* is missing/);
  });
});

/** The characters that stand for the bytes, as GPT-2 chose them. */
function byteAlphabet(): string[] {
  const isPrinted = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrinted(byte) ? byte : next++));
}

describe.skipIf(!hasShared)("makeTokenizer from the vocabulary of a published model", () => {
  it("makes the merges that its tokenizer.json has", async () => {
    const source = shared("models/stories260k");
    const original = await loadTokenizer(source);
    const { default: json } = await import(`${source}/tokenizer.json`, { with: { type: "json" } });
    const { vocab, merges } = json.model as { vocab: Record<string, number>; merges: [string, string][] };
    const names = Object.keys(vocab).sort((a, b) => vocab[a]! - vocab[b]!);
    const rank = new Map([...merges.entries()].reverse().map(([index, pair]) => [pair.join(""), -index]));
    const types = names.map((name, id) => (id === 0 ? 2 : id < 3 ? 3 : /^<0x..>$/.test(name) ? 6 : 1));
    const tokenizer = await madeOf({
      "tokenizer.ggml.model": value.string("llama"),
      "tokenizer.ggml.tokens": value.strings(names),
      "tokenizer.ggml.scores": value.float32s(names.map((name) => rank.get(name) ?? -1e6)),
      "tokenizer.ggml.token_type": value.int32s(types),
    });
    expect(await tokenizer.encodeBatch(texts)).toEqual(await original.encodeBatch(texts));
  });
});
