import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadTokenizer, type Tokenizer } from "../../src/data/tokenizer.js";
import { generate } from "../../src/generation/generate.js";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { loadModel } from "../../src/models/load-model.js";
import { hasShared, shared } from "../shared.js";

/** Begin and end of a text, which one of the tokenizers does not call special. */
const markers = /<\|\w+\|> ?/g;

describe.skipIf(!hasShared).each(["stories260k", "tinystories-656k"])("generate with %s", (name) => {
  const folder = shared(`models/${name}`);
  let model: CausalLM;
  let tokenizer: Tokenizer;
  let reference: { prompt: string; input_ids: number[]; greedy_ids: number[]; greedy_text: string };
  beforeAll(async () => {
    model = await loadModel(folder);
    tokenizer = await loadTokenizer(folder);
    reference = JSON.parse(await readFile(`${folder}/reference.json`, "utf8"));
  });
  afterAll(() => model.dispose());

  it("continues the reference's prompt with the reference's tokens and text", async () => {
    const maxNewTokens = reference.greedy_ids.length - reference.input_ids.length;
    const [generation] = await generate(model, tokenizer, [reference.prompt], { maxNewTokens });
    expect(generation!.tokenIds).toEqual(reference.greedy_ids.slice(reference.input_ids.length));
    const decoded = await tokenizer.decode(reference.greedy_ids, { skipSpecialTokens: true });
    expect(reference.prompt + generation!.text).toBe(decoded.replaceAll(markers, ""));
    expect(generation!.prompt).toBe(reference.prompt);
  });

  it.each([
    ["abc", 'prompts: found "abc", but needs a list of texts. Write ["abc"].'],
    [["a", 5], 'prompts: found ["a",5], but needs a list of texts.'],
    [undefined, "prompts: found no value, but needs a list of texts."],
  ])("refuses %j as prompts", async (prompts, message) => {
    await expect(generate(model, tokenizer, prompts as never)).rejects.toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message }),
    );
  });

  it("gives the text that the continuation adds, with its leading space", async () => {
    const prompt = "Once upon";
    const [generation] = await generate(model, tokenizer, [prompt], { maxNewTokens: 4 });
    const ids = [...(await tokenizer.encode(prompt)), ...generation!.tokenIds];
    const whole = await tokenizer.decode(ids, { skipSpecialTokens: true });
    expect(prompt + generation!.text).toBe(whole.replaceAll(markers, ""));
  });

  it("ends before a stop string that crosses tokens", async () => {
    const [free] = await generate(model, tokenizer, [reference.prompt], { maxNewTokens: 40 });
    const at = free!.text.indexOf(". ");
    const stop = free!.text.slice(at - 2, at + 4);
    const [stopped] = await generate(model, tokenizer, [reference.prompt], {
      maxNewTokens: 40,
      stopStrings: ["never said", stop],
    });
    expect(stopped!.text).toBe(free!.text.slice(0, at - 2));
    expect(stopped!.finishReason).toBe("stop");
    expect(free!.tokenIds.slice(0, stopped!.tokenIds.length)).toEqual(stopped!.tokenIds);
    expect(stopped!.tokenIds.length).toBeLessThan(free!.tokenIds.length);
  });

  it("leaves the end token out of the text", async () => {
    const [free] = await generate(model, tokenizer, [reference.prompt], { maxNewTokens: 6 });
    const end = free!.tokenIds[4]!;
    const ending: CausalLM = Object.create(model, { eosTokenIds: { value: [end] } });
    const [ended] = await generate(ending, tokenizer, [reference.prompt], { maxNewTokens: 6 });
    expect(ended!.tokenIds.at(-1)).toBe(end);
    expect(ended!.finishReason).toBe("stop");
    expect(free!.text.startsWith(ended!.text)).toBe(true);
    const last = await tokenizer.decode([end]);
    expect(ended!.text.endsWith(last.trim())).toBe(false);
  });

  it("refuses an empty stop string", async () => {
    const empty = generate(model, tokenizer, ["x"], { stopStrings: [""] });
    await expect(empty).rejects.toThrow(/empty string/);
  });
});
