/** @file Gives a GGUF file the small files of a Hugging Face model folder: all but the weights. */
import { basename, join } from "node:path";
import { cacheFolder } from "@one-token/torch/setup";
import { makeConfig } from "../gguf/make-config.js";
import { makeTokenizer } from "../gguf/make-tokenizer.js";
import { readGguf } from "../gguf/read-gguf.js";
import { specialTokenIds } from "../gguf/special-tokens.js";
import { cachedFolder } from "./cached-folder.js";
import { configText } from "./config-text.js";

/** Where the files of GGUF models are kept between runs: a folder in the user's cache. */
export const ggufCacheFolder = (): string => join(cacheFolder(), "gguf");

/**
 * A folder with `config.json`, `generation_config.json`, the tokenizer and the chat template of a GGUF file. It lies in
 * the user's cache, as {@link cachedFolder} has it.
 *
 * @throws {DataError} `GGUF_NOT_FOUND`, `GGUF_INVALID`, `GGUF_UNSUPPORTED`, `GGUF_CACHE_FAILED`
 */
export async function unpackGguf(path: string, cache = ggufCacheFolder()): Promise<string> {
  const name = basename(path)
    .replace(/\.gguf$/i, "")
    .replace(/[^\w.-]/g, "_")
    .slice(0, 100);
  return cachedFolder(ggufContents(path), {
    parent: cache,
    prefix: `${name}-`,
    what: `the tokenizer of ${path}`,
    code: "GGUF_CACHE_FAILED",
  });
}

/** The text of each file, by its name. */
function ggufContents(path: string): Map<string, string> {
  const file = readGguf(path);
  const { chatTemplate, ...tokenizer } = makeTokenizer(file);
  const { bos, pad, stop } = specialTokenIds(file);
  const generation = { bos_token_id: bos, eos_token_id: stop, pad_token_id: pad };
  const contents = new Map<string, string>();
  const add = (name: string, content: object, indent = 2) =>
    contents.set(name, `${JSON.stringify(content, null, indent)}\n`);
  contents.set("config.json", configText(makeConfig(file)));
  if (stop.length > 0) add("generation_config.json", generation);
  // Hundreds of thousands of lines otherwise.
  add("tokenizer.json", tokenizer["tokenizer.json"], 0);
  add("tokenizer_config.json", tokenizer["tokenizer_config.json"]);
  if (chatTemplate !== null) contents.set("chat_template.jinja", chatTemplate);
  return contents;
}
