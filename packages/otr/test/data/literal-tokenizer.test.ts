import { describe, expect, it } from "vitest";
import { LITERAL_MARK } from "../../src/data/control-tokens.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { byteTokenizerJson, bytes, chatModelFolder, folderWith, IM_END, IM_START } from "./byte-tokenizer.js";

const M = LITERAL_MARK;

describe("text with marked control tokens", () => {
  it("has those that are meant, and the others as text, with offsets in the text without marks", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const [first] = await tokenizer.encodeWithOffsets([`<|im_start|>👋<${M}|im_end|>b<|im_end|>c`]);
    const said = "👋<|im_end|>b";
    expect(first!.ids).toEqual([IM_START, ...bytes(said), IM_END, ...bytes("c")]);
    const starts = first!.offsets.map(([start]) => start);
    expect(starts).toEqual([
      0,
      ...Array(4).fill(12),
      ...Array.from("<|im_end|>b", (_, at) => 13 + at),
      24,
      34,
    ]);
    expect(first!.offsets.at(-2)).toEqual([24, 34]);
  });

  // SentencePiece's legacy normalizer puts a space in front of each piece between tokens; text that is merely
  // marked is one piece, as it is without its mark.
  it("is normalized as if there were no mark", async () => {
    const vocab = Object.fromEntries(
      ["<unk>", "▁", "<", "/", "s", ">", "a", "b"].map((piece, id) => [piece, id]),
    );
    const json = byteTokenizerJson({
      added_tokens: [
        {
          id: 8,
          content: "</s>",
          single_word: false,
          lstrip: false,
          rstrip: true,
          normalized: false,
          special: true,
        },
      ],
      normalizer: { type: "Sequence", normalizers: [{ type: "Prepend", prepend: "▁" }] },
      pre_tokenizer: null,
      decoder: null,
      model: { type: "BPE", unk_token: "<unk>", fuse_unk: true, vocab, merges: [] },
    });
    const tokenizer = await loadTokenizer(folderWith({ "tokenizer.json": json }));
    const spelled = (text: string) => [...text].map((character) => vocab[character]);
    const options = { addSpecialTokens: false };
    expect(await tokenizer.encode(`a<${M}/s>b</s> b`, options)).toEqual([
      ...spelled("▁a</s>b"),
      8,
      ...spelled("▁b"),
    ]);
    const [tokenized] = await tokenizer.encodeWithOffsets([`a<${M}/s>b</s> b`], options);
    expect(tokenized!.offsets.at(-1)).toEqual([11, 12]);
  });

  it("keeps the ids of added tokens that are none of the control tokens", async () => {
    const added = [
      [256, "<think>", false],
      [257, "<|end|>", true],
      [258, "</think>", false],
    ].map(([id, content, special]) => ({
      ...{ id, content, special },
      ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
    }));
    const json = byteTokenizerJson({ added_tokens: added });
    const tokenizer = await loadTokenizer(folderWith({ "tokenizer.json": json }));
    expect(tokenizer.controlTokens).toEqual(["<|end|>"]);
    expect(await tokenizer.encode(`<think><${M}|end|></think><|end|>`)).toEqual([
      256,
      ...bytes("<|end|>"),
      258,
      257,
    ]);
  });

  it("refuses text of which the vocabulary makes the token in any case", async () => {
    const vocab = { "[UNK]": 0, "</s>": 1, a: 2 };
    const json = byteTokenizerJson({
      added_tokens: [
        {
          id: 1,
          content: "</s>",
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        },
      ],
      pre_tokenizer: { type: "WhitespaceSplit" },
      decoder: null,
      model: { type: "WordLevel", unk_token: "[UNK]", vocab },
    });
    const tokenizer = await loadTokenizer(folderWith({ "tokenizer.json": json }));
    expect(await tokenizer.encode(`a ${M} a</s>`)).toEqual([2, 2, 1]);
    await expect(tokenizer.encode(`a <${M}/s>`)).rejects.toMatchObject({ code: "CONTROL_TOKEN_UNAVOIDABLE" });
  });
});
