"""Renders the chat templates of packages/otr/chat-templates with Hugging Face transformers.

usage: python chat_templates.py     (transformers 5.23.0; writes test/references/chat-templates.json)

The file is a list of {template, conversation, messages, tools, add_generation_prompt, text | error, assistant_spans}, the spans in
Unicode code points of the text. `bos_token` is <s>, `eos_token` is </s>.
"""
import json
from pathlib import Path

from transformers.utils.chat_template_utils import render_jinja_template

PACKAGE = Path(__file__).resolve().parents[2]
CONVERSATIONS = {
    "single": [("user", "What is 2+2?"), ("assistant", "4")],
    "system": [("system", "Answer briefly. 日本語も可。"), ("user", "Hi  there\n"), ("assistant", " Hello 👋 ")],
    "two_turns": [("user", "a"), ("assistant", "b"), ("user", "c {{ x }}"), ("assistant", "d\n\n<b>e</b>")],
    "prompt": [("user", "a"), ("assistant", "b"), ("user", "Continue:")],
    "bad_order": [("assistant", "first"), ("assistant", "second")],
    "tool": [("user", "a"), ("tool", "b"), ("assistant", "c")],
}
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather in a city: “Zürich” <&>.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def called(*arguments):
    return [{"type": "function", "function": {"name": "get_weather", "arguments": value}} for value in arguments]


TOOL_CONVERSATIONS = {
    "tools": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Weather in Zürich and Bern?"},
        {"role": "assistant", "content": None, "tool_calls": called({"city": "Zürich"}, '{"city": "Bern"}')},
        {"role": "tool", "content": "21"},
        {"role": "tool", "content": "20"},
        {"role": "assistant", "content": "21 and 20."},
    ],
    "tools_without_system": [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": "I look.", "tool_calls": called({"city": "Bern"})},
    ],
    "unused_tools": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"}],
}

rows = []
for path in sorted((PACKAGE / "chat-templates").glob("*.jinja")):
    plain = {
        name: [{"role": role, "content": content} for role, content in said] for name, said in CONVERSATIONS.items()
    }
    for name, messages in (plain | TOOL_CONVERSATIONS).items():
        row = {
            "template": path.stem,
            "conversation": name,
            "messages": messages,
            "tools": [WEATHER] if name in TOOL_CONVERSATIONS else None,
            "add_generation_prompt": name == "prompt",
        }
        try:
            text, spans = render_jinja_template(
                [messages],
                tools=row["tools"],
                chat_template=path.read_text(encoding="utf-8"),
                return_assistant_tokens_mask=True,
                add_generation_prompt=row["add_generation_prompt"],
                bos_token="<s>",
                eos_token="</s>",
            )
            row |= {"text": text[0], "assistant_spans": spans[0]}
        except Exception as error:
            row["error"] = str(error)
        rows.append(row)
target = PACKAGE / "test" / "references" / "chat-templates.json"
target.write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n", encoding="utf-8")
print(len(rows), "rows,", sum("error" in row for row in rows), "errors")
