import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { extendTokenizer } from "../../src/data/extend-tokenizer.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { byteTokenizerJson } from "./byte-tokenizer.js";

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-extend-"));
  cache = join(folder, "cache");
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(byteTokenizerJson()));
  writeFileSync(join(folder, "tokenizer_config.json"), JSON.stringify({ eos_token: "<|endoftext|>", x: 1 }));
  writeFileSync(join(folder, "generation_config.json"), JSON.stringify({ eos_token_id: 259, top_k: 5 }));
});
afterEach(() => rmSync(folder, { recursive: true }));

const extend = async (specialTokens: string[], eosToken: string | null = null) =>
  (await extendTokenizer(folder, { specialTokens, eosToken }, cache)).folder;

describe("extendTokenizer", () => {
  it("adds tokens behind the last id, and leaves everything else", async () => {
    const before = await loadTokenizer(folder);
    const after = await loadTokenizer(await extend(["<|turn|>", "<|stop|>"]));
    expect(after.vocabSize).toBe(before.vocabSize + 2);
    const text = "say <|stop|> twice";
    const [start, end] = [before.vocabSize, before.vocabSize + 1];
    expect(await after.encode("<|turn|>", { addSpecialTokens: false })).toEqual([start]);
    const ids = await after.encode(text, { addSpecialTokens: false });
    expect(ids).toContain(end);
    expect(ids.filter((id) => id < before.vocabSize)).toEqual(
      (
        await Promise.all(["say ", " twice"].map((part) => before.encode(part, { addSpecialTokens: false })))
      ).flat(),
    );
    expect(after.eosTokenId).toBe(before.eosTokenId);
    expect(await after.decode([start, ...ids], { skipSpecialTokens: true })).not.toContain("<|");
  });

  it("makes another token the end, in every file that names it", async () => {
    const target = await extend(["<|stop|>"], "<|stop|>");
    const tokenizer = await loadTokenizer(target);
    const read = (name: string) => JSON.parse(readFileSync(join(target, name), "utf8"));
    expect(tokenizer.eosTokenId).toBe(tokenizer.vocabSize - 1);
    expect(tokenizer.stopTokenIds).toEqual([tokenizer.vocabSize - 1]);
    expect(read("tokenizer_config.json")).toEqual({ eos_token: "<|stop|>", x: 1 });
    expect(read("generation_config.json")).toEqual({ eos_token_id: tokenizer.vocabSize - 1, top_k: 5 });
  });

  it("keeps tokens that are there, gives one folder to one content, and changes nothing where nothing is asked", async () => {
    expect(await extend([])).toBe(folder);
    const first = await extend(["<a>"]);
    expect(await extend(["<a>"])).toBe(first);
    expect(readdirSync(cache)).toHaveLength(1);
    const again = await extendTokenizer(first, { specialTokens: ["<a>", "<b>"], eosToken: null }, cache);
    expect(again.newTokens).toBe(1);
    const [one, two] = [await loadTokenizer(first), await loadTokenizer(again.folder)];
    expect(two.vocabSize).toBe(one.vocabSize + 1);
    expect(await two.encode("<a>", { addSpecialTokens: false })).toEqual([one.vocabSize - 1]);
  });

  it("makes a token of the vocabulary special, under its id", async () => {
    const before = await loadTokenizer(folder);
    const [id] = await before.encode("a", { addSpecialTokens: false });
    const { folder: target, newTokens } = await extendTokenizer(
      folder,
      { specialTokens: ["a"], eosToken: null },
      cache,
    );
    const after = await loadTokenizer(target);
    expect([newTokens, after.vocabSize]).toEqual([0, before.vocabSize]);
    expect(await after.encode("a", { addSpecialTokens: false })).toEqual([id]);
    expect(after.controlTokens).toContain("a");
  });

  it("copies files that are no text byte for byte", async () => {
    const bytes = Buffer.from([0x0a, 0xff, 0xfe, 0x00, 0x80]);
    writeFileSync(join(folder, "tokenizer.model"), bytes);
    expect(readFileSync(join(await extend(["<a>"]), "tokenizer.model"))).toEqual(bytes);
  });

  it("refuses an end token that is none", async () => {
    await expect(extend(["<|stop|>"], "<|sotp|>")).rejects.toMatchObject({
      code: "EOS_TOKEN_UNKNOWN",
      message: expect.stringMatching(/did you mean "<\|stop\|>"\?/),
    });
    await expect(extend([], "<x>")).rejects.toThrow(/add it with add_special_tokens/);
    writeFileSync(join(folder, "tokenizer.json"), "[]");
    await expect(extend(["<a>"])).rejects.toMatchObject({ code: "TOKENIZER_INVALID" });
  });
});
