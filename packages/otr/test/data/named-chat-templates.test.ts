import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CHAT_TEMPLATE_NAMES } from "../../src/config/chat-template-names.js";
import { ChatTemplate } from "../../src/data/chat-template.js";
import { chatTemplatePathOf } from "../../src/data/named-chat-templates.js";
import type { ChatMessage } from "../../src/data/training-row.js";
import { hasShared, shared } from "../shared.js";

interface Reference {
  readonly template: (typeof CHAT_TEMPLATE_NAMES)[number];
  readonly conversation: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly unknown[] | null;
  readonly add_generation_prompt: boolean;
  readonly text?: string;
  readonly error?: string;
  readonly assistant_spans?: readonly (readonly [number, number])[];
}

/** Made by test/peers/chat_templates.py. */
const reference: readonly Reference[] = JSON.parse(
  readFileSync(new URL("../references/chat-templates.json", import.meta.url), "utf8"),
);
const load = (name: Reference["template"]) =>
  new ChatTemplate(
    readFileSync(chatTemplatePathOf({ chatTemplate: name, chatTemplatePath: null })!, "utf8"),
    {
      namedTokens: new Map([
        ["bos_token", "<s>"],
        ["eos_token", "</s>"],
      ]),
      controlTokens: ["<|im_end|>", "</s>"],
    },
  );

it("has a file for each name, and a name for each file", () => {
  const files = readdirSync(new URL("../../chat-templates", import.meta.url)).sort();
  expect(files).toEqual(CHAT_TEMPLATE_NAMES.map((name) => `${name}.jinja`));
  expect(new Set(reference.map(({ template }) => template))).toEqual(new Set(CHAT_TEMPLATE_NAMES));
});

it("leaves the choice to chat_template_path, or to the tokenizer", () => {
  expect(chatTemplatePathOf({ chatTemplate: null, chatTemplatePath: "a.jinja" })).toBe("a.jinja");
  expect(chatTemplatePathOf({ chatTemplate: null, chatTemplatePath: null })).toBeNull();
});

describe("named chat templates", () => {
  it.each(reference)("$template writes $conversation as in Transformers", (item) => {
    const template = load(item.template);
    const options = { addGenerationPrompt: item.add_generation_prompt, tools: item.tools };
    if (item.error !== undefined) {
      expect(() => template.render(item.messages, options)).toThrowError(item.error);
      return;
    }
    const turns = template.renderTurns(item.messages, options);
    expect(turns.text).toBe(item.text);
    expect(turns.assistantSpans).toEqual(item.assistant_spans);
  });

  it.each(CHAT_TEMPLATE_NAMES)("%s refuses what it would leave out", (name) => {
    const template = load(name);
    const user = { role: "user", content: "a" };
    const said = [user, { role: "assistant", content: "b" }];
    const thought = [user, { role: "assistant", content: "b", reasoning_content: "c" }];
    expect(() => template.render(thought)).toThrowError(/no form for (tools and )?reasoning_content/);
    if (name === "chatml") return;
    const tools = [{ name: "t" }];
    expect(() => template.render(said, { tools })).toThrowError(
      /no form for tools; use chatml, which has one/,
    );
    const called = [user, { role: "assistant", content: "", tool_calls: [{ function: { name: "t" } }] }];
    expect(() => template.render(called)).toThrowError(/no form for tools/);
  });
});

interface Published {
  readonly template: string;
  readonly conversation: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly unknown[] | null;
  readonly add_generation_prompt: boolean;
  readonly text?: string;
  readonly assistant_spans?: readonly (readonly [number, number])[];
}

describe.skipIf(!hasShared)("named chat templates and the published ones", () => {
  const published: readonly Published[] = hasShared
    ? JSON.parse(readFileSync(shared("reference/chat.json"), "utf8"))
    : [];
  const same = published.filter(
    ({ template, conversation, text }) =>
      /^(gemma|llama3|phi3)_training$/.test(template) && conversation !== "tools" && text !== undefined,
  );
  it.each(same)("$template: the same text and turns for $conversation", (item) => {
    const name = item.template.replace("_training", "") as Reference["template"];
    const turns = load(name).renderTurns(item.messages, { addGenerationPrompt: item.add_generation_prompt });
    expect(turns.text).toBe(item.text);
    expect(turns.assistantSpans).toEqual(item.assistant_spans);
  });

  it("chatml: the same tools, calls and results as Qwen 2.5, without its system text of its own", () => {
    const item = published.find(
      ({ template, conversation }) => template === "qwen2_5_training" && conversation === "tools",
    )!;
    const system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
    const messages = [{ role: "system", content: system }, ...item.messages];
    expect(load("chatml").render(messages, { tools: item.tools }).text).toBe(item.text);
  });
});
