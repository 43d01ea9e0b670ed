import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { characterMapProblem } from "../../src/data/character-map.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { byteTokenizerJson, folderWith } from "./byte-tokenizer.js";

/** Of `test/peers/make_character_map.py`: "Ａ" to "a", "①" to "1", "ﬃ" to "ffi". */
const { map }: { map: string } = JSON.parse(
  readFileSync(new URL("../references/character-map.json", import.meta.url), "utf8"),
);
const bytes = Buffer.from(map, "base64");
const changed = (change: (copy: Buffer) => Buffer | undefined) => {
  const copy = Buffer.from(bytes);
  return (change(copy) ?? copy).toString("base64");
};

describe("a map of SentencePiece", () => {
  it("is sound, and does what it says", async () => {
    expect(characterMapProblem(map)).toBeNull();
    const vocab = Object.fromEntries([..."a1fi"].map((character, id) => [character, id]));
    const folder = folderWith({
      "tokenizer.json": byteTokenizerJson({
        normalizer: { type: "Precompiled", precompiled_charsmap: map },
        pre_tokenizer: null,
        added_tokens: [],
        model: { ...(byteTokenizerJson().model as object), vocab },
      }),
    });
    const tokenizer = await loadTokenizer(folder);
    expect(await tokenizer.encode("Ａ①ﬃ")).toEqual([0, 1, 2, 2, 3]);
  });

  it.each<[string, string, RegExp]>([
    ["no base64", "a b", /is no base64/],
    ["nothing", "", /is cut off/],
    ["a trie beyond the end", changed((copy) => void copy.writeUInt32LE(2 ** 31, 0)), /is cut off/],
    ["a trie of no whole unit", changed((copy) => void copy.writeUInt32LE(1025, 0)), /is cut off/],
    [
      "units that point beyond the trie",
      changed((copy) => void copy.writeUInt32LE(0x7ffffc00, 4)),
      /beyond its trie/,
    ],
    ["fewer replacements", changed((copy) => copy.subarray(0, 4 + 1024)), /beyond its replacements/],
    ["replacements that are no text", changed((copy) => void copy.writeUInt8(0xff, 4 + 1024)), /not UTF-8/],
  ])("is refused with %s", (_name, base64, reason) => {
    expect(characterMapProblem(base64)).toMatch(reason);
  });
});
