import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeTokenizer } from "../../src/gguf/make-tokenizer.js";
import { readGguf } from "../../src/gguf/read-gguf.js";
import { value, writeGguf } from "../gguf/write-gguf.js";

it("refuses a SentencePiece vocabulary whose tokens can be made of each other in millions of ways", () => {
  // Of each of 130 letters the tokens of 1 to 256 of it: 130 * 256 * 255 / 2 ways.
  const letters = Array.from({ length: 130 }, (_, index) => String.fromCodePoint(0x400 + index));
  const runs = letters.flatMap((letter) =>
    Array.from({ length: 256 }, (_, index) => letter.repeat(index + 1)),
  );
  const tokens = ["<unk>", "<s>", "</s>", ...runs];
  const folder = mkdtempSync(join(tmpdir(), "otr-gguf-"));
  try {
    const path = join(folder, "ways.gguf");
    writeGguf(path, {
      metadata: {
        "tokenizer.ggml.model": value.string("llama"),
        "tokenizer.ggml.tokens": value.strings(tokens),
        "tokenizer.ggml.scores": value.float32s(tokens.map(() => 0)),
        "tokenizer.ggml.token_type": value.int32s(tokens.map((_, id) => (id < 3 ? 3 : 1))),
      },
    });
    expect(() => makeTokenizer(readGguf(path))).toThrow(/made of each other in more than 4194304 ways/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
