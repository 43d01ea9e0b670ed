/** @file Damaged GGUF files, and what must come of them. */
import { writeFileSync } from "node:fs";
import { DataError } from "../../src/errors.js";
import { makeConfig } from "../../src/gguf/make-config.js";
import { makeTokenizer } from "../../src/gguf/make-tokenizer.js";
import { readGguf } from "../../src/gguf/read-gguf.js";
import { tensorValues } from "../../src/gguf/read-tensor.js";
import { ggufBytes, value } from "./write-gguf.js";
import { randomNumbers } from "../random-numbers.js";

/** A sound file in which almost every byte matters. */
export const smallGguf = ggufBytes({
  metadata: {
    "general.architecture": value.string("qwen2"),
    "qwen2.block_count": value.uint32(1),
    "qwen2.context_length": value.uint32(16),
    "qwen2.embedding_length": value.uint32(4),
    "qwen2.feed_forward_length": value.uint32(4),
    "qwen2.attention.head_count": value.uint32(1),
    "qwen2.attention.layer_norm_rms_epsilon": value.float32(1e-6),
    "tokenizer.ggml.model": value.string("llama"),
    "tokenizer.ggml.tokens": value.strings(["<unk>", "<s>", "</s>", "a", "b", "ab"]),
    "tokenizer.ggml.scores": value.float32s([0, 0, 0, 0, 0, -1]),
    "tokenizer.ggml.token_type": value.int32s([2, 3, 3, 1, 1, 1]),
  },
  tensors: [
    { name: "token_embd.weight", dimensions: [4, 6], data: new Float32Array(24) },
    { name: "blk.0.attn_q.weight", dimensions: [4, 4], data: new Float32Array(16) },
  ],
});

/** A copy with a few changes near its start, and sometimes cut short. */
function damaged(sound: Buffer, random: () => number): Buffer {
  const below = (count: number) => Math.floor(random() * count);
  const bytes = Buffer.from(sound);
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(Math.min(bytes.length, 2 ** 14) - 8);
    const kind = below(4);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at]! ^= 1 << below(8);
    else if (kind === 2) bytes.writeBigUInt64LE(2n ** BigInt(below(64)), at);
    else bytes.copy(bytes, at, below(bytes.length), below(bytes.length));
  }
  return random() < 0.1 ? bytes.subarray(0, below(bytes.length)) : bytes;
}

function readAll(path: string): void {
  const file = readGguf(path);
  makeConfig(file);
  makeTokenizer(file);
  for (const tensor of file.tensors.values()) tensorValues(tensor);
}

/**
 * Reads damaged copies of a file, each wholly.
 *
 * @returns how many were refused, and the milliseconds that the slowest took
 * @throws whatever is thrown that is no {@link DataError}
 */
export function readDamaged(
  sound: Buffer,
  path: string,
  cases: number,
  seed: number,
): { refused: number; slowest: number } {
  const random = randomNumbers(seed);
  let refused = 0;
  let slowest = 0;
  writeFileSync(path, sound);
  readAll(path);
  for (let run = 0; run < cases; run++) {
    writeFileSync(path, damaged(sound, random));
    const begin = performance.now();
    try {
      readAll(path);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      refused += 1;
    }
    slowest = Math.max(slowest, performance.now() - begin);
  }
  return { refused, slowest };
}
