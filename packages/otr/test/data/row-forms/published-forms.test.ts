/** @file The forms of rows that published data sets have. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ColumnMapping } from "../../../src/config/dataset-sources.js";
import { BINARY } from "../../../src/data/row-forms/column-values.js";
import { parseTrainingRow, readColumns } from "../../../src/data/row-forms/registry.js";
import type { SourceRow } from "../../../src/data/row-forms/row-form.js";
import { hasShared, shared } from "../../shared.js";

const parse = (source: SourceRow, hasChatTemplate = true, columns: ColumnMapping | null = null) =>
  parseTrainingRow(source, columns, { hasChatTemplate });

const chat = (question: string, answer: string, system?: string) => ({
  form: "prompt_completion_messages",
  prompt: [...(system ? [{ role: "system", content: system }] : []), { role: "user", content: question }],
  completion: [{ role: "assistant", content: answer }],
  tools: null,
  templateVariables: {},
});

describe("questions and answers", () => {
  it.each([
    [{ question: "q", answer: "a" }, "question_answer"],
    [{ problem: "q", solution: "a", answer: "5" }, "problem_solution"],
    [{ query: "q", response: "a", original_question: "o" }, "query_response"],
  ])("%j are a conversation, or text as lm-evaluation-harness writes it", (source, form) => {
    expect(parse(source)).toEqual({ form, rows: [chat("q", "a")] });
    const text = { form: "prompt_completion", prompt: "Question: q\nAnswer:", completion: " a" };
    expect(parse(source, false)).toEqual({ form, rows: [text] });
  });

  it("are left out without an answer, and refused without a question", () => {
    expect(parse({ question: "q", answer: "" })).toEqual({ form: "question_answer", rows: [] });
    expect(parse({ question: "q", answer: null })).toEqual({ form: "question_answer", rows: [] });
    expect(parse({ question: " ", answer: "a" })).toMatch(/^"question" is empty/);
    expect(parse({ question: "q", answer: ["a"] })).toMatch(/^"answer" is a list; it must be text/);
  });
});

describe("Alpaca's rows", () => {
  it("are conversations where there is a chat template", () => {
    expect(parse({ instruction: "i", input: "", output: "o", text: "t" })).toEqual({
      form: "alpaca",
      rows: [chat("i", "o")],
    });
    expect(parse({ instruction: "i", input: "n", output: "o", system: "s" })).toEqual({
      form: "alpaca",
      rows: [chat("i\n\nn", "o", "s")],
    });
  });

  it("are Stanford's prompts where there is none", () => {
    const prompts = [{}, { input: "n" }, { input: "n", system: "s" }].map((more) => {
      const parsed = parse({ instruction: "i", output: "o", ...more }, false);
      return typeof parsed === "string" ? parsed : parsed.rows[0];
    });
    expect(prompts).toEqual(
      [
        "Below is an instruction that describes a task. Write a response that appropriately completes the request." +
          "\n\n### Instruction:\ni\n\n### Response:\n",
        "Below is an instruction that describes a task, paired with an input that provides further context. Write a " +
          "response that appropriately completes the request.\n\n### Instruction:\ni\n\n### Input:\nn\n\n### Response:\n",
        "s\n\n### Instruction:\ni\n\n### Input:\nn\n\n### Response:\n",
      ].map((prompt) => ({ form: "prompt_completion", prompt, completion: "o" })),
    );
  });

  it("are left out without an output, and refused with what is no text", () => {
    expect(parse({ instruction: "i", output: "" })).toEqual({ form: "alpaca", rows: [] });
    expect(parse({ instruction: "i", input: 5, output: "o" })).toMatch(/^"input" is a number/);
    expect(parse({ instruction: "", output: "o" })).toMatch(/^"instruction" is empty/);
  });
});

describe("ShareGPT's rows", () => {
  const turns = [
    { from: "human", value: "u" },
    { from: "gpt", value: "a" },
  ];
  const messages = [
    { role: "user", content: "u" },
    { role: "assistant", content: "a" },
  ];
  const row = { form: "messages", messages, tools: null, templateVariables: {} };

  it("are conversations, from a list, its JSON or from messages", () => {
    for (const conversations of [turns, JSON.stringify(turns), messages]) {
      expect(parse({ conversations })).toEqual({ form: "sharegpt", rows: [row] });
    }
    const system = { role: "system", content: "s" };
    expect(parse({ conversations: turns, system: "s" })).toEqual({
      form: "sharegpt",
      rows: [{ ...row, messages: [system, ...messages] }],
    });
  });

  it("may call tools, one or several", () => {
    const call = { name: "f", arguments: { x: 1 } };
    const conversations = [
      turns[0],
      { from: "function_call", value: JSON.stringify([call, call]) },
      { from: "observation", value: "1" },
      turns[1],
    ];
    expect(parse({ conversations, tools: '[{"name":"f"}]' })).toEqual({
      form: "sharegpt",
      rows: [
        {
          ...row,
          tools: [{ name: "f" }],
          messages: [
            messages[0],
            {
              role: "assistant",
              content: "",
              tool_calls: [
                { type: "function", function: call },
                { type: "function", function: call },
              ],
            },
            { role: "tool", content: "1" },
            messages[1],
          ],
        },
      ],
    });
  });

  it.each([
    [{ conversations: "hello" }, /"conversations" is text; it must be a list/],
    [{ conversations: [] }, /"conversations" is an empty list/],
    [{ conversations: ["a"] }, /turn 1 of "conversations" is text/],
    [{ conversations: [{ value: "a" }] }, /turn 1 .* needs the texts "from" and "value" \(it has value\)/],
    [{ conversations: [{ from: "alice", value: "a" }] }, /is from "alice", which is nobody known/],
    [{ conversations: [{ from: "toString", value: "a" }] }, /nobody known/],
    [{ conversations: [{ from: "function_call", value: "f()" }] }, /not valid JSON; write \{"name"/],
    [{ conversations: [{ from: "function_call", value: "{}" }] }, /calls a tool without its name/],
    [{ conversations: [{ from: "system", value: "a" }], system: "s" }, /remove one/],
  ])("%j are refused", (source, message) => {
    expect(parse(source)).toMatch(message);
  });

  it.skipIf(!hasShared)("are read from a published file with tools", () => {
    const rows: SourceRow[] = JSON.parse(readFileSync(shared("data/toolcall_demo.json"), "utf8"));
    const wrong = rows.map((source) => parse(source)).filter((parsed) => typeof parsed === "string");
    expect(wrong).toEqual([]);
  });
});

describe("OpenR1-Math's rows", () => {
  const source = { problem: "p", generations: ["x", "y", "z"], messages: [], answer: "5" };

  it("are their correct and complete generations", () => {
    const parsed = parse({
      ...source,
      correctness_math_verify: [true, false, true],
      correctness_llama: null,
      is_reasoning_complete: [true, true, false],
    });
    expect(parsed).toEqual({ form: "openr1_math", rows: [chat("p", "x")] });
  });

  it("take what either of the marks calls correct, and nothing where none does", () => {
    const marked = {
      ...source,
      correctness_math_verify: [false, false, true],
      correctness_llama: [true, false, false],
    };
    expect(parse(marked)).toMatchObject({ rows: [chat("p", "x"), chat("p", "z")] });
    expect(parse({ ...source, correctness: [false, false, false] })).toEqual({
      form: "openr1_math",
      rows: [],
    });
  });

  it.each([
    [{}, /has no "correctness_math_verify"/],
    [{ correctness: [true] }, /"correctness" has 1 marks for 3 generations/],
    [{ correctness: true }, /"correctness" is a boolean; it must be a list/],
    [{ correctness: [true, true, true], generations: "x" }, /"generations" is text/],
  ])("with %j are refused", (changes, message) => {
    expect(parse({ ...source, ...changes })).toMatch(message);
  });
});

describe("columns with other names", () => {
  const columns = { prompt: "q", completion: "a" };

  it("are read under the names of a form, and no others are", () => {
    const source = { q: "1", a: "2", messages: [], text: "t", tools: [] };
    const row = { form: "prompt_completion", prompt: "1", completion: "2" };
    expect(parse(source, true, columns)).toEqual({ form: "prompt_completion", rows: [row] });
    expect(readColumns("prompt_completion", columns)).toEqual(["q", "a", "tools", "chat_template_kwargs"]);
    expect(parse({ body: "b", prompt: "p" }, true, { text: "body" })).toMatchObject({ form: "text" });
  });

  it("must be there", () => {
    expect(parse({ q: "1", b: "2" }, true, columns)).toMatch(
      /^has no column "a", which dataset_columns names as the completion; did you mean "q"|^has no column "a"/,
    );
    expect(parse({ quesion: "1", a: "2" }, true, { prompt: "question", completion: "a" })).toMatch(
      /has no column "question", which dataset_columns names as the prompt; did you mean "quesion"\?$/,
    );
  });
});

describe("messages", () => {
  const user = { role: "user", content: "q" };
  const say = (assistant: object) => ({
    messages: [user, { role: "assistant", content: "a", ...assistant }],
  });
  const call = (args: unknown) => [{ type: "function", function: { name: "f", arguments: args } }];

  it.each([
    [{ weight: 0 }, /^message 2 of "messages" has weight 0, .*write the conversation before it as "prompt"/],
    [{ weight: 0.5 }, /has weight 0\.5/],
    [{ train: false }, /has train false/],
    [{ function_call: { name: "f" } }, /has a "function_call", .* use "tool_calls"/],
    [
      { tool_calls: call("{bad") },
      /^the "arguments" of a tool call in message 2 of "messages" are text that is not valid JSON/,
    ],
  ])("with %j are refused", (assistant, message) => {
    expect(parse(say(assistant))).toMatch(message);
  });

  it("are told to be broken JSON, where a cell of a table holds them so, or bytes", () => {
    expect(parse({ messages: '[{"role":' })).toBe(
      '"messages" is text that is not valid JSON; it must be a list of messages',
    );
    expect(parse({ conversations: "[" })).toMatch(/^"conversations" is text that is not valid JSON/);
    expect(parse({ messages: "hello" })).toMatch(/^"messages" is text; it must be a list/);
    expect(parse({ prompt: { [BINARY]: true }, completion: "a" })).toMatch(
      /^"prompt" is binary data that is no UTF-8 text/,
    );
  });

  it("may have weights that change nothing, and calls with arguments in either form", () => {
    for (const assistant of [
      { weight: 1 },
      { train: true },
      { weight: null, function_call: null },
      { tool_calls: call('{"a": 1}') },
      { tool_calls: call({ a: 1 }) },
    ]) {
      expect(parse(say(assistant))).toMatchObject({ rows: [{ form: "messages" }] });
    }
    const weighted = [user, { role: "assistant", content: "a", weight: 0 }, user];
    const row = { prompt: weighted, completion: [{ role: "assistant", content: "b" }] };
    expect(parse(row)).toMatchObject({ form: "prompt_completion_messages" });
    expect(parse({ prompt: [user], completion: weighted })).toMatch(
      /^message 2 of "completion" has weight 0/,
    );
    const turn = { from: "gpt", value: "a", train: false };
    expect(parse({ conversations: [{ from: "human", value: "q" }, turn] })).toMatch(/has train false/);
  });

  it("of an assistant that says nothing are left out", () => {
    for (const silence of [{ content: "" }, { content: " \n" }, { content: null, tool_calls: call({}) }]) {
      const expected = "tool_calls" in silence ? 1 : 0;
      expect(parse(say(silence))).toMatchObject({ form: "messages", rows: { length: expected } });
    }
    const completion = [{ role: "assistant", content: "" }];
    expect(parse({ prompt: [user], completion })).toMatchObject({ rows: [] });
    const conversations = [
      { from: "human", value: "q" },
      { from: "gpt", value: "" },
    ];
    expect(parse({ conversations })).toMatchObject({ form: "sharegpt", rows: [] });
  });
});
