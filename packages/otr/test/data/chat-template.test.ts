import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ChatTemplate, loadChatTemplate, type RenderOptions } from "../../src/data/chat-template.js";
import type { ChatMessage } from "../../src/data/training-row.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { DataError } from "../../src/errors.js";
import { hasShared, shared } from "../shared.js";
import { bytes, CHATML, CHATML_UNMARKED, chatModelFolder, IM_END, IM_START } from "./byte-tokenizer.js";

interface ReferenceCase {
  readonly template: string;
  readonly source: string;
  readonly conversation: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly unknown[] | null;
  readonly add_generation_prompt: boolean;
  readonly bos_token: string;
  readonly eos_token: string;
  readonly text?: string;
  readonly error?: string;
  readonly assistant_spans?: readonly (readonly [number, number])[];
}

const reference: ReferenceCase[] = hasShared
  ? JSON.parse(readFileSync(shared("reference/chat.json"), "utf8"))
  : [];

const templateOf = (source: string, controlTokens: readonly string[] = []) =>
  new ChatTemplate(source, {
    namedTokens: new Map([
      ["bos_token", "<s>"],
      ["eos_token", "</s>"],
    ]),
    controlTokens,
  });
const slices = (text: string, spans: readonly (readonly [number, number])[]) => {
  const codePoints = [...text];
  return spans.map(([start, end]) => codePoints.slice(start, end).join(""));
};

describe.skipIf(!hasShared)("published chat templates", () => {
  it.each(reference)("$template renders $conversation as Transformers does", (item) => {
    const options = { tools: item.tools, addGenerationPrompt: item.add_generation_prompt };
    const template = templateOf(item.source, ["<|im_end|>", "</s>"]);
    if (item.error !== undefined) {
      const refusal = item.error.replace(/^TemplateError: /, "");
      expect(() => template.render(item.messages, options)).toThrowError(refusal);
      return;
    }
    expect(template.render(item.messages, options).text).toBe(item.text);
    if (item.assistant_spans === undefined) return;
    const turns = template.renderTurns(item.messages, options);
    expect(turns.text).toBe(item.text);
    expect(turns.assistantSpans).toEqual(item.assistant_spans);
  });

  // The marked twin of a template is the oracle: what it marks is what the plain template must find by itself.
  const unmarked = reference.filter(({ template, text, conversation }) => {
    const hasTwin = reference.some((other) => other.template === `${template}_training`);
    return hasTwin && text !== undefined && conversation !== "prompt_only" && conversation !== "bad_order";
  });
  it.each(unmarked)("$template without marks finds the turns of $conversation", (item) => {
    const twin = reference.find(
      ({ template, conversation }) =>
        template === `${item.template}_training` && conversation === item.conversation,
    )!;
    const template = templateOf(item.source);
    expect(template.marksAssistant).toBe(false);
    const { text, assistantSpans } = template.renderTurns(item.messages, { tools: item.tools });
    expect(text).toBe(item.text);
    const wanted = slices(twin.text!, twin.assistant_spans!)
      .join("")
      .replaceAll(/<think>\n\n<\/think>\n\n/g, "");
    const found = slices(text, assistantSpans)
      .join("")
      .replaceAll(/<think>\n\n<\/think>\n\n/g, "");
    expect(found).toBe(wanted.replaceAll(/^\n|(?<=<\|im_end\|>\n)\n/g, ""));
  });
});

const CONVERSATION: ChatMessage[] = [
  { role: "user", content: "Hi 👋" },
  { role: "assistant", content: "Hello 🌍" },
  { role: "user", content: "Bye" },
  { role: "assistant", content: "Goodbye" },
];

describe("ChatTemplate", () => {
  it.each([
    ["with marks", CHATML],
    ["without marks", CHATML_UNMARKED],
  ])("finds the turns %s, in code points", (_, source) => {
    const { text, assistantSpans } = templateOf(source).renderTurns(CONVERSATION);
    expect(text).toBe(
      "<|im_start|>user\nHi 👋<|im_end|>\n<|im_start|>assistant\nHello 🌍<|im_end|>\n" +
        "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\nGoodbye<|im_end|>\n",
    );
    const behind = source === CHATML ? "" : "\n";
    expect(slices(text, assistantSpans)).toEqual([
      `Hello 🌍<|im_end|>${behind}`,
      `Goodbye<|im_end|>${behind}`,
    ]);
  });

  it("opens the assistant's turn when asked", () => {
    const { text } = templateOf(CHATML).render(CONVERSATION.slice(0, 1), { addGenerationPrompt: true });
    expect(text).toBe("<|im_start|>user\nHi 👋<|im_end|>\n<|im_start|>assistant\n");
  });

  it("is not fooled by a message that holds noncharacters", () => {
    const messages = [{ role: "user", content: "\uFDD1a\uFDD2" }, CONVERSATION[1]!];
    const { text, assistantSpans } = templateOf(CHATML).renderTurns(messages);
    expect(slices(text, assistantSpans)).toEqual(["Hello 🌍<|im_end|>"]);
    expect(text).toContain("\uFDD1a\uFDD2");
  });

  it("passes variables, tools and named tokens on", () => {
    const source = "{{ bos_token }}{{ style }}{{ tools | tojson }}";
    const { text } = templateOf(source).render([], {
      tools: [{ name: "é<" }],
      variables: { style: "brief" },
    });
    expect(text).toBe('<s>brief[{"name": "é<"}]');
  });

  it("trims white space around blocks as Transformers sets Jinja up", () => {
    expect(templateOf("  {% if true %}\n  a\n  {% endif %}\nb").render([]).text).toBe("  a\nb");
  });

  it.each([
    ["{{ ' \\na '.strip('\\n') }}", " \na "],
    ["{{ '\\n a'.lstrip('\\n') ~ 'b \\n'.rstrip('\\n') }}", " ab "],
    ["{{ ' a' | trim }}{{ 'xay' | trim('xy') }}{{ 'xay' | trim(chars='x') }}", "aaay"],
    ["{{ 'aB' | capitalize }}{{ 'aB'.capitalize() }}", "AbAb"],
  ])("strips as Python does: %s", (source, text) => {
    expect(templateOf(source).render([]).text).toBe(text);
  });

  it.each(["reasoning_content", "thinking", "reasoning"])("hands on thinking in the field %s", (field) => {
    const source = "{{ messages[0].reasoning_content ~ messages[0].thinking }}";
    const message = { role: "assistant", content: "a", [field]: "t" };
    expect(templateOf(source).render([message]).text).toBe("tt");
    expect(templateOf("{{ messages[0].content }}").leavesOut("a", [message], null)).toBe(true);
    expect(templateOf("{{ enable_thinking }}").leavesOut("a", [message], null)).toBe(true);
    expect(templateOf("{{ messages[0].thinking }}").leavesOut("a", [message], null)).toBe(false);
  });

  it("writes dates in English", () => {
    const { text } = templateOf("{{ strftime_now('%d %b %Y %A %%') }}").render([]);
    expect(text).toMatch(/^\d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} [A-Z][a-z]+day %$/);
  });
});

describe("what a template is given", () => {
  it.each([
    ["a reserved variable", { variables: { namespace: 1 } }, /^CHAT_TEMPLATE_FAILED: .*namespace/],
    ["U+FDD0", { messages: [{ role: "user", content: "a\uFDD0" }] }, /^CHAT_TEMPLATE_INPUT: .*U\+FDD0/],
    [
      "very deep lists",
      { tools: [JSON.parse(`${"[".repeat(9999)}${"]".repeat(9999)}`)] },
      /^CHAT_TEMPLATE_INPUT/,
    ],
    [
      "content in parts",
      { messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] },
      /takes the content/,
    ],
  ])(
    "%s is refused",
    (_, { messages = CONVERSATION, ...options }: RenderOptions & { messages?: ChatMessage[] }, code) => {
      let found = "no error";
      try {
        templateOf(CHATML).render(messages, options);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        found = `${error.code}: ${error.message}`;
      }
      expect(found).toMatch(code);
    },
  );

  it("is noticed where the text lacks it", () => {
    const call = { role: "assistant", tool_calls: [{ function: { name: "weather" } }] };
    const leavesOut = (source: string, messages: ChatMessage[], tools: unknown[] | null = null) => {
      const template = templateOf(source);
      return template.leavesOut(template.render(messages, { tools }).text, messages, tools);
    };
    expect(leavesOut("{{ tools | tojson }}", CONVERSATION, [{ name: "weather" }])).toBe(false);
    expect(leavesOut("none", CONVERSATION, [{ type: "function", function: { name: "weather" } }])).toBe(true);
    expect(leavesOut("{{ messages | tojson }}", [call])).toBe(false);
    expect(leavesOut("{% if messages[0].tool_calls is none %}{% endif %}", [call])).toBe(true);
    expect(
      leavesOut("{{ messages[0].content }}", [{ role: "a", content: "b", reasoning_content: "c" }]),
    ).toBe(true);
    expect(leavesOut("{{ messages[0].content }}", [{ role: "a", content: "b", reasoning_content: "" }])).toBe(
      false,
    );
  });
});

describe("control tokens in messages", () => {
  it.each([
    ["a user's", [{ role: "user", content: "a<|im_end|>b" }]],
    ["a system's", [{ role: "system", content: "<|im_end|>" }]],
  ])("%s end token is ordinary text", async (_, messages) => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const template = loadChatTemplate(tokenizer);
    const { text, encodableText } = template.render(messages);
    const { role, content } = messages[0]!;
    expect(text).toBe(`<|im_start|>${role}\n${content}<|im_end|>\n`);
    expect(await tokenizer.encode(encodableText)).toEqual([
      IM_START,
      ...bytes(`${role}\n${content}`),
      IM_END,
      ...bytes("\n"),
    ]);
  });

  it("are not made by two messages' pieces, nor by tools", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const template = new ChatTemplate("{{ messages[0].content }}{{ tools | tojson }}", tokenizer);
    const { encodableText } = template.render([{ role: "user", content: "<|im_end|><|im_end|>" }], {
      tools: [{ description: "<|endoftext|>" }],
    });
    const ids = await tokenizer.encode(encodableText);
    expect(ids.every((id) => id < 256)).toBe(true);
    expect(await tokenizer.decode(ids)).toBe('<|im_end|><|im_end|>[{"description": "<|endoftext|>"}]');
  });

  it("leave the spans where they belong", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const template = loadChatTemplate(tokenizer);
    const { text, assistantSpans } = template.renderTurns([
      { role: "user", content: "👋<|im_end|>" },
      { role: "assistant", content: "x<|im_start|>y" },
    ]);
    expect(slices(text, assistantSpans)).toEqual(["x<|im_start|>y<|im_end|>"]);
  });
});

/** A text of two million characters in `n.x`. */
const MEGABYTES =
  "{% set n = namespace(x='a') %}{% for i in range(21) %}{% set n.x = n.x ~ n.x %}{% endfor %}";

describe("control tokens that come about on the way", () => {
  const meant = async (source: string, messages: ChatMessage[], options: RenderOptions = {}) => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const { text, encodableText } = new ChatTemplate(source, tokenizer).render(messages, options);
    const ids = await tokenizer.encode(encodableText);
    expect(await tokenizer.decode(ids)).toBe(text);
    return ids.filter((id) => id >= 256);
  };
  const said = (content: unknown) => [{ role: "user", content }];

  it.each([
    ["trim", "{{ messages[0].content | trim }}", "  <|im_end|>\n"],
    ["tojson", "{{ messages[0] | tojson }}", '"<|im_end|>"'],
    ["lower case", "{{ messages[0].content | lower }}", "<|IM_END|>"],
    ["the template's other half", "{{ messages[0].content + '|>' }}", "<|im_end"],
    ["the template's first half", "{{ '<|im_' + messages[0].content }}", "end|>"],
    ["a half behind blanks", "{{ '<|im_' + messages[0].content | trim }}", "  end|>"],
    [
      "parts",
      "{% for p in messages[0].content %}{{ p.text }}{% endfor %}",
      [{ text: "<|im_" }, { text: "end|>" }],
    ],
    ["a key", "{{ messages[0].content | tojson }}", [{ "<|im_end|>": 1 }]],
    ["a split and a join", "{{ messages[0].content.split(' ') | join('-') }}", "a <|im_end|> b"],
  ])("%s makes none", async (_, source, content) => {
    expect(await meant(source, said(content))).toEqual([]);
  });

  it("the name of a field makes none", async () => {
    const messages = [{ role: "user", content: "a", "<|im_end|>": "b", "c<|im_end|>": null }];
    expect(await meant("{{ messages | tojson }}", messages)).toEqual([]);
  });

  it("stay those of the template, also beside a piece of one", async () => {
    const source = "{{ messages[0].content + '<|im_end|>' + messages[0].content }}";
    expect(await meant(source, said("<"))).toEqual([IM_END]);
    expect(await meant(source, said(">"))).toEqual([IM_END]);
    expect(await meant("{{ '<|' + messages[0].role + '|>' }}", [{ role: "im_end" }])).toEqual([IM_END]);
  });

  it("come from no variable and no tool", async () => {
    const options = { variables: { style: "<|im_end|>" }, tools: [{ name: "<|im_end|>" }] };
    expect(await meant("{{ style }}{{ tools | tojson }}", [], options)).toEqual([]);
  });

  it("are an error where the template acts on them", () => {
    const source = "{{ 'yes' if '<|im_end|>' in messages[0].content else messages[0].content }}";
    const template = templateOf(source, ["<|im_end|>"]);
    expect(template.render(said("a")).text).toBe("a");
    expect(() => template.render(said("<|im_end|>"))).toThrowError(
      expect.objectContaining({ code: "CHAT_TEMPLATE_INPUT" }),
    );
  });

  it("around thinking are the assistant's to write", () => {
    const template = templateOf("{% for m in messages %}{{ m.content }}{% endfor %}", [
      "<think>",
      "</think>",
    ]);
    const { encodableText } = template.render([
      { role: "user", content: "<think>" },
      { role: "assistant", content: "<think>" },
    ]);
    expect(encodableText).toBe("<\uFDD0think><think>");
  });

  const CONTROL = [
    "<|im_start|>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|start_header_id|>",
    "<|end|>",
    "<start_of_turn>",
  ];
  const injections = reference.filter(({ conversation }) => ["system", "tools"].includes(conversation));
  it.each(injections)("$template lets no text of $conversation make one", (item) => {
    const template = templateOf(item.source, [...CONTROL, "<end_of_turn>", "</s>", "<s>", "<｜User｜>"]);
    const plain = item.messages.map((message) => ({
      ...message,
      ...(message.content ? { content: "X" } : {}),
    }));
    const hostile = item.messages.map((message) => ({
      ...message,
      ...(message.content ? { content: ` ${CONTROL.join("x")}</s><end_of_turn><｜User｜>\n` } : {}),
    }));
    const options = { tools: item.tools };
    if (item.error !== undefined) return;
    const count = (messages: ChatMessage[]) => {
      const { text, encodableText } = template.render(messages, options);
      expect(encodableText.replaceAll("\uFDD0", "")).toBe(text);
      const tokens = [...CONTROL, "<end_of_turn>", "</s>", "<s>", "<｜User｜>"];
      return tokens.map((token) => encodableText.split(token).length - 1);
    };
    expect(count(hostile)).toEqual(count(plain));
  });
});

describe("what a template can do wrong", () => {
  const codeOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof DataError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return "no error";
  };

  it.each([
    ["a broken tag", "{% if %}", /^CHAT_TEMPLATE_INVALID/],
    [
      "an unclosed block",
      "{% for m in messages %}x",
      /^CHAT_TEMPLATE_INVALID: the chat template .*: it ends inside a block .*chat_template_path$/,
    ],
    [
      "deep nesting",
      "{{".concat("(".repeat(100_000), "1", ")".repeat(100_000), "}}"),
      /^CHAT_TEMPLATE_INVALID/,
    ],
    ["a huge source", " {{ 1 }}".repeat(200_000), /^CHAT_TEMPLATE_INVALID/],
    ["a long run of white space", `a${" ".repeat(500_000)}b`, /^CHAT_TEMPLATE_INVALID/],
    ["a refusal", "{{ raise_exception('no system role') }}", /^CHAT_TEMPLATE_FAILED: .*no system role/],
    ["an unknown filter", "{{ 'a' | nothing }}", /^CHAT_TEMPLATE_FAILED/],
    ["a function that is none", "{{ messages() }}", /^CHAT_TEMPLATE_FAILED/],
    ["a date without a format", "{{ strftime_now() }}", /^CHAT_TEMPLATE_FAILED: .*needs a format/],
    ["a huge range", "{% for i in range(10**12) %}{% endfor %}", /^CHAT_TEMPLATE_FAILED: .*range/],
    ["an endless range", "{% for i in range(0, 1, 0) %}{% endfor %}", /^CHAT_TEMPLATE_FAILED/],
    ["endless recursion", "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", /^CHAT_TEMPLATE_FAILED/],
    [
      "a long text, over and over",
      `${MEGABYTES}{% for i in range(10000) %}{% set y = n.x %}{% endfor %}`,
      /^CHAT_TEMPLATE_LIMIT: the chat template does too much work .* \(line 1 of the template\)/,
    ],
    [
      "doubling text",
      "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
      /^CHAT_TEMPLATE_LIMIT: the chat template makes a .* \(line 1 of the template\)/,
    ],
    [
      "doubling lists",
      "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
      /^CHAT_TEMPLATE_LIMIT: the chat template makes a list/,
    ],
    [
      "lists that hold a list twice",
      "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
      /^CHAT_TEMPLATE_LIMIT: the chat template makes a list or object/,
    ],
    [
      "namespaces that hold each other, filled afterwards",
      "{% set a = namespace() %}{% set n = namespace(l=[a, a], s=a) %}{% for i in range(99) %}{% set b = namespace() %}" +
        "{% set n.l = [b, b] %}{% set n.p = n.s %}{% set n.s = b %}{% set c = n.p %}{% set c.x = n.l %}{% endfor %}{{ a }}",
      /^CHAT_TEMPLATE_(LIMIT|FAILED)/,
    ],
    ["a wide indent", "{{ 'a\\nb' | indent(10 ** 8) }}", /^CHAT_TEMPLATE_LIMIT: .* with indent,/],
    [
      "a wide indent by name",
      "{{ 'a\\nb' | indent(width=10 ** 8) }}",
      /^CHAT_TEMPLATE_LIMIT: .* with indent,/,
    ],
    [
      "JSON with a wide indent",
      "{{ messages | tojson(indent=10 ** 8) }}",
      /^CHAT_TEMPLATE_LIMIT: .* with tojson,/,
    ],
    [
      "a text that is replaced by much",
      `${MEGABYTES}{{ n.x.replace('a', n.x) }}`,
      /^CHAT_TEMPLATE_LIMIT: .* with replace,/,
    ],
    [
      "the same as a filter",
      `${MEGABYTES}{{ n.x | replace('', n.x) }}`,
      /^CHAT_TEMPLATE_LIMIT: .* with replace,/,
    ],
    [
      "the same under cover",
      `${MEGABYTES}{{ n.x['replace']('a', n.x) }}`,
      /^CHAT_TEMPLATE_FAILED: .*call a method as/,
    ],
    [
      "a text in many pieces",
      `${MEGABYTES}{{ n.x.split('a') | length }}`,
      /^CHAT_TEMPLATE_LIMIT: .* with split,/,
    ],
    ["a text joined by much", `${MEGABYTES}{{ n.x | join(n.x) }}`, /^CHAT_TEMPLATE_LIMIT: .* with join,/],
    [
      "a list joined by much",
      `${MEGABYTES}{{ range(9999) | join(n.x) }}`,
      /^CHAT_TEMPLATE_LIMIT: .* with join,/,
    ],
    [
      "text and a list",
      "{{ 'a' + messages }}",
      /^CHAT_TEMPLATE_FAILED: .*joins a text and a list by \+: the template takes the content of a message as text/,
    ],
  ])("%s is an error and no crash", (_, source, code) => {
    expect(codeOf(() => templateOf(source).render(CONVERSATION))).toMatch(code);
  });

  it.each(["constructor", "__proto__", "prototype", "constructor.constructor('return process')()"])(
    "reaches nothing of the program through %s",
    (path) => {
      const outcome = codeOf(() => {
        const { text } = templateOf(`{{ messages.${path} }}{{ raise_exception.${path} }}`).render(
          CONVERSATION,
        );
        expect(text).toBe("");
      });
      expect(outcome).toMatch(/^(no error|CHAT_TEMPLATE_FAILED)/);
    },
  );

  it("opens a generation block that it never closes", () => {
    const source = "{% generation %}{% if false %}{% endgeneration %}{% endif %}";
    expect(codeOf(() => templateOf(source).renderTurns(CONVERSATION))).toMatch(/^CHAT_TEMPLATE_INVALID/);
  });

  it("closes a generation block that it never opened", () => {
    const source = "{% endgeneration %}a{% generation %}";
    expect(codeOf(() => templateOf(source).renderTurns(CONVERSATION))).toMatch(/^CHAT_TEMPLATE_INVALID/);
  });

  it("writes earlier turns differently, so that they cannot be told apart", () => {
    const source = "{{ messages | length }}{% for m in messages %}[{{ m.content }}]{% endfor %}";
    expect(codeOf(() => templateOf(source).renderTurns(CONVERSATION))).toMatch(
      /^CHAT_TEMPLATE_TURNS: .*message 2.*chat_template_path/,
    );
  });

  it("names the file, or the folder of the tokenizer, that holds it", async () => {
    const folder = chatModelFolder({ config: { chat_template: "{% if %}" } });
    const tokenizer = await loadTokenizer(folder);
    expect(codeOf(() => loadChatTemplate(tokenizer))).toContain(
      `the chat template in ${folder} cannot be parsed`,
    );
    const path = join(folder, "broken.jinja");
    writeFileSync(path, "{{ messages() }}");
    expect(codeOf(() => loadChatTemplate(tokenizer, path).render([]))).toContain(
      `the chat template ${path} stops with`,
    );
  });

  it("is not there at all, or not at the path", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder({ config: { chat_template: undefined } }));
    expect(codeOf(() => loadChatTemplate(tokenizer))).toMatch(/^CHAT_TEMPLATE_MISSING: .*chat_template_path/);
    expect(codeOf(() => loadChatTemplate(tokenizer, "/nowhere.jinja"))).toMatch(
      /^CHAT_TEMPLATE_UNREADABLE: \/nowhere/,
    );
  });
});
