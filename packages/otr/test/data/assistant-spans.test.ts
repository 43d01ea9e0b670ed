import { describe, expect, it } from "vitest";
import { ChatTemplate } from "../../src/data/chat-template.js";
import type { ChatMessage } from "../../src/data/training-row.js";

const template = (source: string) =>
  new ChatTemplate(source, { namedTokens: new Map([["eos_token", "</s>"]]), controlTokens: [] });
const turnsOf = (source: string, messages: readonly ChatMessage[]) => {
  const { text, assistantSpans } = template(source).renderTurns(messages);
  return assistantSpans.map(([start, end]) => [...text].slice(start, end).join(""));
};
const user = (content: string): ChatMessage => ({ role: "user", content });
const assistant = (content: string, more = {}): ChatMessage => ({ role: "assistant", content, ...more });

/** Drops what all turns but the last thought, as Qwen 3 does; opens turns with a forced <think> on request. */
const THINKING = (opening: string) => `
{%- for m in messages %}
  {%- if m.role == 'user' %}{{- '[U]' + m.content }}
  {%- else %}
    {%- set answer = m.content.split('</think>')[-1] | trim %}
    {{- '[A]' }}
    {%- if loop.last %}{{- '<think>' + (m.reasoning_content or '') + '</think>' }}{%- endif %}
    {{- answer + '.' }}
  {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '${opening}' }}{%- endif %}`;

describe("turns of a template without marks", () => {
  it.each([
    ["[A]", ["b.", "<think>why</think>d."]],
    ["[A]<think>", ["b.", "why</think>d."]],
    ["[A]<think></think>", ["b.", "why</think>d."]],
  ])("are found where earlier thinking is dropped and the opening is %s", (opening, turns) => {
    const said = [
      user("a"),
      assistant("<think>x</think>b"),
      user("c"),
      assistant("d", { reasoning_content: "why" }),
    ];
    expect(turnsOf(THINKING(opening), said)).toEqual(turns);
  });

  it("may begin like the opening goes on", () => {
    expect(turnsOf(THINKING("[A]<think>"), [user("a"), assistant("<th"), user("b"), assistant("c")])).toEqual(
      ["<th.", "</think>c."],
    );
  });

  it("end before the end token that only a whole conversation gets", () => {
    const source =
      "{% for m in messages %}{{ m.role[0] + m.content }};{% endfor %}" +
      "{% if add_generation_prompt %}a{% else %}{{ eos_token }}{% endif %}";
    expect(turnsOf(source, [user("x"), assistant("y"), user("z"), assistant("w")])).toEqual(["y;", "w;</s>"]);
  });

  const refused = (source: string, messages: readonly ChatMessage[]) =>
    expect(() => turnsOf(source, messages)).toThrowError(
      expect.objectContaining({ code: "CHAT_TEMPLATE_TURNS" }),
    );

  it("are refused where a turn is written elsewhere", () => {
    const source =
      "{% for m in messages %}{% if m.role == 'user' %}U{{ m.content }}{% endif %}{% endfor %}" +
      "{% for m in messages %}{% if m.role != 'user' %}A{{ m.content }}{% endif %}{% endfor %}";
    refused(source, [user("a"), assistant("b"), user("c"), assistant("d")]);
  });

  it("are refused where the call of a tool is missing although its name is there", () => {
    const source =
      "{{ tools[0].name }}{% for m in messages %}{{ '[' + m.role + ']' + m.content }}{% endfor %}" +
      "{% if add_generation_prompt %}[assistant]{% endif %}";
    const messages = [user("a"), assistant("", { tool_calls: [{ function: { name: "weather" } }] })];
    expect(() => template(source).renderTurns(messages, { tools: [{ name: "weather" }] })).toThrowError(
      expect.objectContaining({ code: "CHAT_TEMPLATE_TURNS" }),
    );
  });

  it("are refused where each is numbered from the end", () => {
    refused("{% for m in messages %}{{ loop.revindex ~ m.role ~ m.content }}{% endfor %}", [
      user("a"),
      assistant("b"),
      user("c"),
      assistant("d"),
    ]);
  });
});
