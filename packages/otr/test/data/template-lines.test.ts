import { expect, it } from "vitest";
import { ChatTemplate } from "../../src/data/chat-template.js";

const context = { namedTokens: new Map<string, string>(), controlTokens: [] };
const problem = (source: string): string => {
  try {
    new ChatTemplate(source, context).render([{ role: "user", content: "a" }]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "none";
};

it.each([
  ["{# a\n comment #}\n{% for m in messages %}\n{% fi m %}\n{% endfor %}", 4],
  ["a\nb {{ 'x' }}\n{{ 1 + }}", 3],
  ["{% generation %}a{% endgeneration %}\n{{ m. }}", 2],
  ["a\n\n{{ 'open", 3],
  ["a\n{{ a ? b }}\n{{ c }}", 2],
])("names the line of a mistake in %j", (source, line) => {
  expect(problem(source)).toContain(`(line ${line})`);
});

it.each([
  ["text\n{{ 'text' }}\n{%- if true %}\n  {{ raise_exception('no') }}\n{% endif %}", 4],
  [
    "{# a #}{% set x = '}}' %}\n{% for m in messages %}\n{% if false %}\n{% elif m.nope() %}x\n{% endif %}{% endfor %}",
    4,
  ],
  ["{% macro a(b) %}\n{{ b | nothing }}\n{% endmacro %}\n{{ a('x') }}", 2],
  ["\r\n\r\n{{ 'a' | nothing }}", 3],
  ["{% generation %}\n{{ 'a' | nothing }}{% endgeneration %}", 2],
  ["{% set n = namespace(x='a') %}{% for i in range(99) %}\n{% set n.x = n.x ~ n.x %}{% endfor %}", 2],
])("names the line at which %j stops", (source, line) => {
  expect(problem(source)).toContain(`(line ${line} of the template)`);
});
