import { expect, it } from "vitest";
import { ChatTemplate } from "../../src/data/chat-template.js";
import { CHATML_UNMARKED } from "../data/byte-tokenizer.js";
import { fuzzTemplates } from "../data/fuzz-templates.js";

const context = { namedTokens: new Map<string, string>(), controlTokens: ["<|im_end|>"] };
const limited = expect.objectContaining({ code: "CHAT_TEMPLATE_LIMIT" });

it("ends nested loops", () => {
  const source = "{% for i in range(10000) %}{% for j in range(10000) %}{{ j }}{% endfor %}{% endfor %}";
  const start = performance.now();
  expect(() => new ChatTemplate(source, context).render([])).toThrowError(limited);
  expect(performance.now() - start).toBeLessThan(20_000);
});

it("gives up on a conversation whose turns take too long to find", () => {
  const turns = Array.from({ length: 9000 }, (_, at) => ({
    role: at % 2 ? "assistant" : "user",
    content: "x",
  }));
  const start = performance.now();
  expect(() => new ChatTemplate(CHATML_UNMARKED, context).renderTurns(turns)).toThrowError(limited);
  expect(performance.now() - start).toBeLessThan(20_000);
});

it("survives a hundred thousand broken templates and conversations", () => {
  fuzzTemplates({ cases: 40_000, seed: 2 });
});
