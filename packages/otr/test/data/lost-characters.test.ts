import { describe, expect, it } from "vitest";
import { characterLoss, withoutCharacters } from "../../src/data/lost-characters.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { byteTokenizerJson, chatModelFolder } from "./byte-tokenizer.js";

/** A tokenizer of the letters a to d and the space, with what a test changes in its model. */
function letters(model: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const json = byteTokenizerJson({ pre_tokenizer: null, decoder: null }) as { model: object };
  const vocab = { a: 0, b: 1, c: 2, d: 3, " ": 4, ab: 5, "?": 6 };
  return { ...json, model: { ...json.model, vocab, merges: ["a b"], ...model } };
}

const tokenizerOf = (json: unknown) => loadTokenizer(chatModelFolder({ files: { "tokenizer.json": json } }));

describe("characters without a token", () => {
  it("are found, each once, and control tokens are none", async () => {
    const tokenizer = await tokenizerOf(letters());
    expect(await tokenizer.lostCharacters(["aéb é\n<|im_end|>x", "abcd"])).toEqual([["é", "x"], []]);
    const unknown = await tokenizerOf(letters({ unk_token: "?" }));
    expect(await unknown.lostCharacters(["aéb?"])).toEqual([["é", "?"]]);
  });

  it("leave the offsets of the others right", async () => {
    const tokenizer = await tokenizerOf(letters());
    const [tokenized] = await tokenizer.encodeWithOffsets(["éa😀bc é<|im_end|>d"], {
      addSpecialTokens: false,
    });
    expect(tokenized!.ids).toEqual([5, 2, 4, 9, 3]);
    expect(tokenized!.offsets).toEqual([
      [1, 4],
      [4, 5],
      [5, 6],
      [7, 17],
      [17, 18],
    ]);
  });

  it("are none of a tokenizer of bytes, of one that falls back to bytes, and of one of words", () => {
    expect(characterLoss(byteTokenizerJson())).toBeNull();
    expect(characterLoss(letters({ byte_fallback: true }))).toBeNull();
    expect(characterLoss(letters({ type: "WordLevel" }))).toBeNull();
    expect(characterLoss(letters())).toEqual({ unknownId: null });
    expect(characterLoss(letters({ unk_token: "?" }))).toEqual({ unknownId: 6 });
    expect(characterLoss(letters({ type: "Unigram", unk_id: 0 }))).toEqual({ unknownId: 0 });
  });

  it("are taken out beside marks, which have no place of their own", () => {
    const { text, restore } = withoutCharacters("x<\uFDD0|y|>", ["x", "y"]);
    expect(text).toBe("<\uFDD0||>");
    expect(
      restore([
        [0, 1],
        [1, 4],
      ]),
    ).toEqual([
      [1, 2],
      [2, 6],
    ]);
  });
});
