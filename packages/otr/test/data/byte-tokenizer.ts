/** @file A small tokenizer for tests: one token a byte, and the special tokens of a chat model. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new empty folder, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "otr-data-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files of JSON or text into a new folder and returns its path. */
export function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

/** The ids of a text in the byte tokenizer: its UTF-8 bytes. */
export const bytes = (text: string): number[] => [...new TextEncoder().encode(text)];

export const PAD = 256;
export const IM_START = 257;
export const IM_END = 258;
export const END_OF_TEXT = 259;
const SPECIAL_TOKENS = ["<pad>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"];

/** The printable characters by which byte-level tokenizers spell the 256 bytes (GPT-2's `bytes_to_unicode`). */
function byteAlphabet(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
}

/** The contents of `tokenizer.json`: ids 0 to 255 are bytes, then come the special tokens. */
export function byteTokenizerJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, index) => ({
      id: 256 + index,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(byteAlphabet().map((character, byte) => [character, byte])),
      merges: [],
    },
    ...changes,
  };
}

/** ChatML, marking what the assistant wrote. */
export const CHATML = `
{%- for message in messages -%}
  {{ '<|im_start|>' + message.role + '\\n' }}
  {%- if message.role == 'assistant' -%}
    {%- generation -%}{{ message.content + '<|im_end|>' }}{%- endgeneration -%}
  {%- else -%}
    {{ message.content + '<|im_end|>' }}
  {%- endif -%}
  {{ '\\n' }}
{%- endfor -%}
{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}{%- endif -%}
`;

/** The same text without the marks. */
export const CHATML_UNMARKED = CHATML.replace(/\{%- (end)?generation -%\}/g, "");

/** A model folder whose tokenizer ends turns with `<|im_end|>`. */
export function chatModelFolder(
  changes: {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly files?: Readonly<Record<string, unknown>>;
  } = {},
): string {
  return folderWith({
    "tokenizer.json": byteTokenizerJson(),
    "tokenizer_config.json": {
      eos_token: "<|im_end|>",
      pad_token: "<pad>",
      chat_template: CHATML,
      ...changes.config,
    },
    ...changes.files,
  });
}
