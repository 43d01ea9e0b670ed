/**
 * @file Tensor types whose blocks hold 32 numbers, and unquantised ones. Layouts and formulas are those of ggml's
 * `ggml-quants.c`.
 *
 * Each function fills `out` with the numbers of whole blocks; `bytes` begin at an even offset of their buffer. Products
 * and sums are exact in the 53 bits that JavaScript computes with, and are rounded once, where they are stored: the same
 * bits as in C.
 */
import { FLOAT16_VALUES, float16At } from "./half-floats.js";

const BLOCK = 32;
const HALF = BLOCK / 2;

export function dequantizeF32(bytes: Uint8Array, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
}

export function dequantizeF16(bytes: Uint8Array, out: Float32Array): void {
  const halves = halvesOf(bytes);
  for (let i = 0; i < out.length; i++) out[i] = FLOAT16_VALUES[halves[i]!]!;
}

export function dequantizeBF16(bytes: Uint8Array, out: Float32Array): void {
  const halves = halvesOf(bytes);
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) bits[i] = halves[i]! << 16;
}

const halvesOf = ({ buffer, byteOffset, length }: Uint8Array): Uint16Array =>
  new Uint16Array(buffer, byteOffset, length / 2);

/** Scale, 32 integers of 8 bits. */
export function dequantizeQ8_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 2 + BLOCK, o += BLOCK) {
    const scale = float16At(bytes, at);
    for (let i = 0; i < BLOCK; i++) out[o + i] = scale * ((bytes[at + 2 + i]! << 24) >> 24);
  }
}

/** Scale, 32 integers of 4 bits around 8. The lower halves of the bytes are the first 16. */
export function dequantizeQ4_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 2 + HALF, o += BLOCK) {
    const scale = float16At(bytes, at);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[at + 2 + i]!;
      out[o + i] = scale * ((pair & 15) - 8);
      out[o + i + HALF] = scale * ((pair >> 4) - 8);
    }
  }
}

/** Scale, minimum, 32 integers of 4 bits. */
export function dequantizeQ4_1(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 4 + HALF, o += BLOCK) {
    const scale = float16At(bytes, at);
    const minimum = float16At(bytes, at + 2);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[at + 4 + i]!;
      out[o + i] = scale * (pair & 15) + minimum;
      out[o + i + HALF] = scale * (pair >> 4) + minimum;
    }
  }
}

/** Scale, the fifth bits of 32 integers around 16, their lower four. */
export function dequantizeQ5_0(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 6 + HALF, o += BLOCK) {
    const scale = float16At(bytes, at);
    const high = uint32At(bytes, at + 2);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[at + 6 + i]!;
      out[o + i] = scale * (((pair & 15) | fifthBit(high, i)) - 16);
      out[o + i + HALF] = scale * (((pair >> 4) | fifthBit(high, i + HALF)) - 16);
    }
  }
}

/** Scale, minimum, the fifth bits of 32 integers, their lower four. */
export function dequantizeQ5_1(bytes: Uint8Array, out: Float32Array): void {
  for (let at = 0, o = 0; o < out.length; at += 8 + HALF, o += BLOCK) {
    const scale = float16At(bytes, at);
    const minimum = float16At(bytes, at + 2);
    const high = uint32At(bytes, at + 4);
    for (let i = 0; i < HALF; i++) {
      const pair = bytes[at + 8 + i]!;
      out[o + i] = scale * ((pair & 15) | fifthBit(high, i)) + minimum;
      out[o + i + HALF] = scale * ((pair >> 4) | fifthBit(high, i + HALF)) + minimum;
    }
  }
}

const uint32At = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

const fifthBit = (high: number, index: number): number => ((high >>> index) & 1) << 4;
