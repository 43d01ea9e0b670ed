/** @file Broken chat templates and conversations, by a seeded generator. */
import { expect } from "vitest";
import { ChatTemplate } from "../../src/data/chat-template.js";
import type { ChatMessage } from "../../src/data/training-row.js";
import { DataError } from "../../src/errors.js";
import { CHATML, CHATML_UNMARKED } from "./byte-tokenizer.js";

const CONTROL_TOKENS = ["<|im_start|>", "<|im_end|>", "</s>"];

const TEMPLATES = [
  CHATML,
  CHATML_UNMARKED,
  "{% macro a(x, y=2) %}{{ x | upper ~ y }}{% endmacro %}{% for m in messages %}{{ a(m.content, y=loop.index) }}{% endfor %}",
  "{% set ns = namespace(a=1, l=[]) %}{% for m in messages[::-1] %}{% set ns.l = ns.l + [m] %}{% endfor %}{{ ns.l | tojson(indent=2) }}",
  "{% for m in messages if m.role != 'user' %}{{ m.content.split('\\n') | join('-') | indent(2) }}{% else %}none{% endfor %}",
  "{{ messages[0]['content'][1:-1] | trim | replace('a', 'bc') }}{{ tools | selectattr('name') | map(attribute='name') | list }}",
];
const PIECES = [
  "{%",
  "%}",
  "{{",
  "}}",
  "{#",
  "#}",
  "-%}",
  "{%-",
  "if",
  "endif",
  "for",
  "endfor",
  "else",
  "elif",
  "set",
  "macro",
  "generation",
  "endgeneration",
  " in ",
  "messages",
  "message",
  ".content",
  "[0]",
  "[::-1]",
  "|",
  "tojson",
  "trim",
  "join",
  "split",
  "(",
  ")",
  "'",
  '"',
  "\\",
  "~",
  "+",
  "*",
  "**",
  "//",
  "%",
  "==",
  "not",
  "none",
  "true",
  "1",
  "9999",
  "-1",
  "namespace",
  "ns.x",
  "=",
  ",",
  ".",
  "__proto__",
  "constructor",
  "loop",
  "range",
  "raise_exception",
  "\n",
  " ",
  "\uFDD0",
  "\uFDD1",
  "\u{1f44b}",
  "\ud800",
  "<|im_end|>",
  "<|im_",
  "end|>",
];

/** Numbers from 0 to below `limit`, the same for the same seed (xorshift32). */
function generator(seed: number): (limit: number) => number {
  let state = seed * 2654435761 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/**
 * Renders mutated templates with random conversations, and asserts that each ends soon, with a text or a `DataError`, and
 * that no message has made a control token.
 * @returns how many gave a text
 */
export function fuzzTemplates({ cases, seed }: { cases: number; seed: number }): number {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)]!;
  const words = () => Array.from({ length: random(4) }, () => pick(PIECES)).join("");
  const mutated = (text: string): string => {
    let result = text;
    for (let change = random(4); change > 0; change--) {
      const at = random(result.length + 1);
      const removed = random(3) === 0 ? random(20) : 0;
      result = result.slice(0, at) + (random(4) === 0 ? "" : pick(PIECES)) + result.slice(at + removed);
    }
    return result;
  };
  const value = (depth: number): unknown => {
    const kinds: (() => unknown)[] = [
      words,
      () => random(100) - 50,
      () => null,
      () => true,
      () => random(10) / 4,
    ];
    if (depth < 2)
      kinds.push(
        () => [value(depth + 1)],
        () => ({ [words()]: value(depth + 1), name: words() }),
      );
    return pick(kinds)();
  };
  const message = (): ChatMessage => ({
    role: pick(["user", "assistant", "system", "tool"]),
    content: random(6) === 0 ? value(0) : words(),
    ...(random(5) === 0 ? { tool_calls: value(0), reasoning_content: value(1) } : {}),
  });

  let texts = 0;
  for (let number = 0; number < cases; number++) {
    const source = mutated(pick(TEMPLATES));
    const messages = Array.from({ length: random(5) }, message);
    const tools = random(3) === 0 ? [value(0)] : null;
    const start = performance.now();
    try {
      const context = { namedTokens: new Map([["eos_token", "</s>"]]), controlTokens: CONTROL_TOKENS };
      const template = new ChatTemplate(source, context);
      const { text, encodableText, assistantSpans } = template.renderTurns(messages, { tools });
      expect(encodableText.replaceAll("\uFDD0", "")).toBe(text.replaceAll("\uFDD0", ""));
      const length = [...text].length;
      for (const [first, end] of assistantSpans)
        expect(0 <= first && first <= end && end <= length).toBe(true);
      texts += 1;
    } catch (error) {
      if (!(error instanceof DataError))
        throw new Error(`case ${number}: ${JSON.stringify(source)}`, { cause: error });
    }
    expect(performance.now() - start, `case ${number}: ${JSON.stringify(source)}`).toBeLessThan(8000);
  }
  return texts;
}
