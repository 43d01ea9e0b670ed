/** @file Reads the weights of a GGUF file. */
import { closeSync, openSync, readSync } from "node:fs";
import { ggufInvalid } from "./gguf-error.js";
import type { GgufTensor } from "./read-gguf.js";

/** Numbers that are in memory at once beside the result; a multiple of every block. */
const CHUNK = 2 ** 20;

/**
 * Reads a tensor piece by piece, so that little is in memory at once: calls `take` with its numbers, in their order, as
 * float32. `values` is written over after each call; `start` is the index of the first of them.
 *
 * @throws {DataError} `GGUF_INVALID` where the file has become shorter
 */
export function readTensor(tensor: GgufTensor, take: (values: Float32Array, start: number) => void): void {
  const { path, type, numel } = tensor;
  const values = new Float32Array(Math.min(CHUNK, numel));
  const bytes = new Uint8Array((values.length / type.blockSize) * type.blockBytes);
  const descriptor = openSync(path, "r");
  try {
    for (let start = 0; start < numel; start += values.length) {
      const count = Math.min(values.length, numel - start);
      const length = (count / type.blockSize) * type.blockBytes;
      const offset = tensor.offset + (start / type.blockSize) * type.blockBytes;
      for (let read = 0; read < length; ) {
        const more = readSync(descriptor, bytes, read, length - read, offset + read);
        if (more === 0) throw ggufInvalid(path, `it ended at byte ${offset + read} while it was read`);
        read += more;
      }
      const piece = values.subarray(0, count);
      type.dequantize(bytes.subarray(0, length), piece);
      take(piece, start);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** All numbers of a tensor, for small ones. */
export function tensorValues(tensor: GgufTensor): Float32Array {
  const all = new Float32Array(tensor.numel);
  readTensor(tensor, (values, start) => all.set(values, start));
  return all;
}
