import { describe, expect, it } from "vitest";
import { ControlTokens, LITERAL_MARK, withoutLiteralMarks } from "../../src/data/control-tokens.js";

const M = LITERAL_MARK;
const tokens = new ControlTokens(["<|im_end|>", "</s>", "~", "<|im_end|>x"]);

describe("ControlTokens", () => {
  it.each([
    ["a<|im_end|>b", `a<${M}|im_end|>b`],
    ["</s></s>", `<${M}/s><${M}/s>`],
    ["<|IM_end|>", `<${M}|IM_end|>`],
    ["<|im_end|>x", `<${M}|im_end|>x`],
    ["~ <|im_end", "~ <|im_end"],
  ])("marks those in %j", (text, marked) => {
    expect(tokens.mark(text)).toBe(marked);
    expect(withoutLiteralMarks(marked)).toBe(text);
    expect([...tokens.find(marked)]).toEqual([]);
  });

  it.each([
    ["a <|im_", `a <|im_${M}`],
    [" end|> b\n", ` ${M}end|> b\n`],
    ["s>", `${M}s>`],
    ["<", `<${M}`],
    ["a", "a"],
    ["  ", "  "],
  ])("marks the edges of %j", (text, marked) => {
    expect(tokens.markEdges(text)).toBe(marked);
  });

  it("finds those that no mark breaks, the longest first", () => {
    expect([...tokens.find(`<|im_end|>x<${M}/s></s>`)]).toEqual([
      { token: "<|im_end|>x", index: 0 },
      { token: "</s>", index: 16 },
    ]);
  });

  it("knows of none without tokens", () => {
    const none = new ControlTokens([]);
    expect(none.mark("<s>")).toBe("<s>");
    expect([...none.find("<s>")]).toEqual([]);
  });
});
