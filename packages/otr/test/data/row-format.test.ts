import { describe, expect, it } from "vitest";
import { parseTrainingRow } from "../../src/data/row-format.js";

const user = { role: "user", content: "a" };
const assistant = { role: "assistant", content: "b" };

describe("parseTrainingRow", () => {
  it.each([
    [{ prompt: "a", completion: "b" }, "prompt_completion"],
    [{ prompt: "a", completion: "b", text: "c", messages: [] }, "prompt_completion"],
    [{ prompt: [user], completion: [assistant] }, "prompt_completion_messages"],
    [{ messages: [user, assistant], text: "c" }, "messages"],
    [{ messages: [user, assistant], prompt: null }, "messages"],
    [{ text: "a" }, "text"],
  ])("recognises %j", (source, form) => {
    expect(parseTrainingRow(source)).toMatchObject({ form });
  });

  it("takes messages as they are, with their further fields", () => {
    const call = { role: "assistant", tool_calls: [{ function: { name: "f", arguments: {} } }] };
    const parts = { role: "user", content: [{ type: "text", text: "a" }] };
    expect(
      parseTrainingRow({ messages: [parts, call], tools: [{}], chat_template_kwargs: { x: 1 } }),
    ).toEqual({
      form: "messages",
      messages: [parts, call],
      tools: [{}],
      templateVariables: { x: 1 },
    });
  });

  it.each([
    [{}, /has no columns; rows are/],
    [{ question: "a", answer: "b" }, /has the columns question, answer; rows are/],
    [
      { promt: "a", completion: "b" },
      /has "completion" but no "prompt"; did you mean "prompt" by "promt"\?$/,
    ],
    [{ promt: "a", comlpetion: "b" }, /the columns promt, comlpetion; did you mean "prompt" by "promt"\?$/],
    [{ id: 1, Text: "a" }, /did you mean "text" by "Text"\?$/],
    [{ text: "a", prompt: "b" }, /has "prompt" but no "completion"; add it, or remove "prompt" .* \{text\}$/],
    [{ prompt: "a" }, /has "prompt" but no "completion"; rows are/],
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
    [{ messages: ["a"] }, /message 1 of "messages" is text/],
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
    expect(parseTrainingRow(source)).toMatch(message);
  });
});
