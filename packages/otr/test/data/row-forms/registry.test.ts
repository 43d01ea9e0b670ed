import { describe, expect, it } from "vitest";
import { parseTrainingRow } from "../../../src/data/row-forms/registry.js";
import type { SourceRow } from "../../../src/data/row-forms/row-form.js";

const user = { role: "user", content: "a" };
const assistant = { role: "assistant", content: "b" };
const parse = (source: SourceRow) => parseTrainingRow(source, null, { hasChatTemplate: true });

describe("parseTrainingRow", () => {
  it.each([
    [{ prompt: "a", completion: "b" }, "prompt_completion"],
    [{ prompt: "a", completion: "b", text: "c", messages: [] }, "prompt_completion"],
    [{ prompt: [user], completion: [assistant] }, "prompt_completion_messages"],
    [{ messages: [user, assistant], text: "c" }, "messages"],
    [{ messages: [user, assistant], prompt: null }, "messages"],
    [{ text: "a" }, "text"],
  ])("recognises %j", (source, form) => {
    expect(parse(source)).toMatchObject({ form, rows: [{ form }] });
  });

  it("takes messages as they are, with their further fields", () => {
    const call = { role: "assistant", tool_calls: [{ function: { name: "f", arguments: {} } }] };
    const parts = { role: "user", content: [{ type: "text", text: "a" }] };
    const row = { messages: [parts, call], tools: [{}], templateVariables: { x: 1 } };
    expect(parse({ messages: [parts, call], tools: [{}], chat_template_kwargs: { x: 1 } })).toEqual({
      form: "messages",
      rows: [{ form: "messages", ...row }],
    });
  });

  it.each([
    [{}, /has no columns; rows are/],
    [{ premise: "a", label: "b" }, /has the columns premise, label; rows are .*dataset_columns/],
    [
      { promt: "a", completion: "b" },
      /has "completion" but no "prompt"; did you mean "prompt" by "promt"\?$/,
    ],
    [{ promt: "a", comlpetion: "b" }, /the columns promt, comlpetion; did you mean "prompt" by "promt"\?$/],
    [{ id: 1, Text: "a" }, /did you mean "text" by "Text"\?$/],
    [{ text: "a", prompt: "b" }, /has "prompt" but no "completion"; add it, or remove "prompt" .* \{text\}$/],
    [
      { prompt: "a", reply: "b" },
      /has "prompt" but no "completion"; add it, or name .* \(completion=COLUMN,prompt=prompt\)$/,
    ],
    [{ completion: "a" }, /has "completion" but no "prompt"/],
    [{ prompt: "a", completion: null }, /has "prompt" but no "completion"/],
    [{ prompt: "", completion: "b" }, /"prompt" is empty/],
    [{ prompt: "a", completion: "" }, /"completion" is empty/],
    [{ prompt: "a", completion: 4 }, /"prompt" is text and "completion" is a number/],
    [{ prompt: "a", completion: [assistant] }, /"prompt" is text and "completion" is a list/],
    [{ prompt: [user], completion: [] }, /"completion" is an empty list/],
    [{ prompt: [], completion: [assistant] }, /"prompt" is an empty list/],
    [{ messages: "a" }, /"messages" is text; it must be a list/],
    [{ messages: {} }, /"messages" is an object/],
    [{ messages: [] }, /"messages" is an empty list/],
    [{ messages: ["a"] }, /"messages" is a list of texts, .* one object for each row/],
    [{ messages: [user, null] }, /message 2 of "messages" is missing/],
    [
      { messages: [{ from: "human", value: "a" }] },
      /message 1 of "messages" has no "role" \(it has from, value\)/,
    ],
    [{ messages: [{ role: 5, content: "a" }] }, /has no "role"/],
    [{ messages: [{ role: "user" }] }, /message 1 of "messages" has no "content"/],
    [{ messages: [{ role: "user", content: 5 }] }, /the "content" of message 1 of "messages" is a number/],
    [{ messages: [user], tools: "{" }, /"tools" is text that is not valid JSON/],
    [{ messages: [user], tools: 5 }, /"tools" is a number/],
    [{ messages: [user], chat_template_kwargs: [] }, /"chat_template_kwargs" is a list/],
    [{ text: 5 }, /"text" is a number/],
    [{ text: "" }, /"text" is empty/],
  ])("says what is wrong with %j", (source, message) => {
    expect(parse(source)).toMatch(message);
  });

  it("refuses what would overflow the stack of a template", () => {
    const nested = "[".repeat(1e6) + "]".repeat(1e6);
    const content: unknown = JSON.parse(nested);
    expect(parse({ messages: [{ role: "user", content }] })).toMatch(
      /^"messages" is nested deeper than 100 levels/,
    );
    expect(parse({ messages: [user], tools: nested })).toMatch(/^"tools" is nested deeper than 100 levels/);
  });
});
