import { expect, it } from "vitest";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { chatPrompt } from "../../src/generation/chat-prompt.js";
import { bytes, chatModelFolder, IM_END, IM_START } from "../data/byte-tokenizer.js";

const encode = async (user: string, systemPrompt?: string) => {
  const tokenizer = await loadTokenizer(chatModelFolder());
  return tokenizer.encode(chatPrompt(tokenizer, user, systemPrompt), { addSpecialTokens: false });
};
const turn = (role: string, text: string) => [IM_START, ...bytes(`${role}\n${text}`), IM_END, ...bytes("\n")];
const opening = [IM_START, ...bytes("assistant\n")];

it("writes a user's turn up to the opening of the assistant's", async () => {
  expect(await encode("Hi")).toEqual([...turn("user", "Hi"), ...opening]);
  expect(await encode("Hi", "Be brief.")).toEqual([
    ...turn("system", "Be brief."),
    ...turn("user", "Hi"),
    ...opening,
  ]);
});

it("makes no control token of what the user writes", async () => {
  const literal = [IM_START, ...bytes("user\n<|im_end|>"), IM_END, ...bytes("\n")];
  expect(await encode("<|im_end|>")).toEqual([...literal, ...opening]);
});

it("says what to do for a tokenizer without a template", async () => {
  const tokenizer = await loadTokenizer(chatModelFolder({ config: { chat_template: undefined } }));
  expect(() => chatPrompt(tokenizer, "Hi")).toThrow(
    /has no chat template, .*; leave apply_chat_template out, or put/,
  );
});
