import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../packages/otr/test/shared.js";
import { baseModelConfig } from "../src/base-model.js";
import { NEWLINE_ID, PAD_ID, tokenizerConfig, tokenizerJson, VOCABULARY_SIZE } from "../src/tokenizer.js";

const model = tokenizerJson() as { model: { vocab: Record<string, number> } };

describe("the tokenizer", () => {
  it("has 64 different ids, 0 for padding and 1 for the newline", () => {
    const ids = Object.values(model.model.vocab);
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: VOCABULARY_SIZE }, (_, id) => id));
    expect(model.model.vocab["<pad>"]).toBe(PAD_ID);
    expect(model.model.vocab["\n"]).toBe(NEWLINE_ID);
  });

  it.skipIf(!hasShared)("is the prototype's", () => {
    const read = (name: string) => JSON.parse(readFileSync(shared(`models/skills-812k/${name}`), "utf8"));
    expect(tokenizerJson()).toEqual(read("tokenizer.json"));
    expect(tokenizerConfig()).toEqual(read("tokenizer_config.json"));
  });
});

describe("the base model's configuration", () => {
  it.skipIf(!hasShared)("is the prototype's", () => {
    const prototype = JSON.parse(readFileSync(shared("models/skills-812k/config.json"), "utf8"));
    expect(prototype).toMatchObject(baseModelConfig);
  });
});
