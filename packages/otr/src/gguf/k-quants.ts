/**
 * @file The "K" tensor types: super-blocks of 256 numbers, in groups with a scale (and a minimum) of few bits each.
 * Layouts and formulas are those of ggml's `ggml-quants.c`; of the results, what `block-quants.ts` says.
 */
import { float16At } from "./half-floats.js";

const BLOCK = 256;

/** 16 groups of 16: a byte each with 4 bits of scale and 4 of minimum; integers of 2 bits; their two scales. */
export function dequantizeQ2_K(bytes: Uint8Array, out: Float32Array): void {
  const size = 16 + 64 + 4;
  for (let at = 0, o = 0; o < out.length; at += size, o += BLOCK) {
    const scale = float16At(bytes, at + 80);
    const minimum = float16At(bytes, at + 82);
    for (let group = 0; group < 16; group++) {
      const packed = bytes[at + group]!;
      const groupScale = scale * (packed & 15);
      const groupMinimum = minimum * (packed >> 4);
      const from = at + 16 + twoBitStart(group);
      const shift = twoBitShift(group);
      const to = o + 16 * group;
      for (let i = 0; i < 16; i++) {
        out[to + i] = groupScale * ((bytes[from + i]! >> shift) & 3) - groupMinimum;
      }
    }
  }
}

/** 16 groups of 16: third bits, integers of 2 bits, 16 scales of 6 bits around 32, their scale. */
export function dequantizeQ3_K(bytes: Uint8Array, out: Float32Array): void {
  const size = 32 + 64 + 12 + 2;
  for (let at = 0, o = 0; o < out.length; at += size, o += BLOCK) {
    const scale = float16At(bytes, at + 108);
    const scales = at + 96;
    for (let group = 0; group < 16; group++) {
      const low = (bytes[scales + (group & 7)]! >> (group < 8 ? 0 : 4)) & 15;
      const high = (bytes[scales + 8 + (group & 3)]! >> (2 * (group >> 2))) & 3;
      const groupScale = scale * ((low | (high << 4)) - 32);
      const from = at + 32 + twoBitStart(group);
      const shift = twoBitShift(group);
      const bit = group >> 1;
      const highFrom = at + 16 * (group & 1);
      const to = o + 16 * group;
      for (let i = 0; i < 16; i++) {
        const third = (bytes[highFrom + i]! >> bit) & 1;
        out[to + i] = groupScale * (((bytes[from + i]! >> shift) & 3) - 4 + 4 * third);
      }
    }
  }
}

/** In each half of a super-block the same 32 bytes hold four runs of 32 numbers, two bits each. */
const twoBitStart = (group: number): number => 32 * (group >> 3) + 16 * (group & 1);
const twoBitShift = (group: number): number => 2 * ((group >> 1) & 3);

/** Two scales, 8 scales and 8 minima of 6 bits, integers of 4 bits: 8 groups of 32. */
export function dequantizeQ4_K(bytes: Uint8Array, out: Float32Array): void {
  const size = 4 + 12 + 128;
  for (let at = 0, o = 0; o < out.length; at += size, o += BLOCK) {
    const scale = float16At(bytes, at);
    const minimum = float16At(bytes, at + 2);
    for (let group = 0; group < 8; group++) {
      const groupScale = scale * sixBitScale(bytes, at + 4, group);
      const groupMinimum = minimum * sixBitMinimum(bytes, at + 4, group);
      const from = at + 16 + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      const to = o + 32 * group;
      for (let i = 0; i < 32; i++) {
        out[to + i] = groupScale * ((bytes[from + i]! >> shift) & 15) - groupMinimum;
      }
    }
  }
}

/** As Q4_K, with fifth bits before the lower four. */
export function dequantizeQ5_K(bytes: Uint8Array, out: Float32Array): void {
  const size = 4 + 12 + 32 + 128;
  for (let at = 0, o = 0; o < out.length; at += size, o += BLOCK) {
    const scale = float16At(bytes, at);
    const minimum = float16At(bytes, at + 2);
    for (let group = 0; group < 8; group++) {
      const groupScale = scale * sixBitScale(bytes, at + 4, group);
      const groupMinimum = minimum * sixBitMinimum(bytes, at + 4, group);
      const from = at + 48 + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      const to = o + 32 * group;
      for (let i = 0; i < 32; i++) {
        const fifth = (bytes[at + 16 + i]! >> group) & 1;
        out[to + i] = groupScale * (((bytes[from + i]! >> shift) & 15) | (fifth << 4)) - groupMinimum;
      }
    }
  }
}

/** Of 12 bytes, the first 4 and the next 4 hold scales and minima 0 to 3, their upper bits belong to 4 to 7. */
const sixBitScale = (bytes: Uint8Array, at: number, group: number): number =>
  group < 4 ? bytes[at + group]! & 63 : (bytes[at + group + 4]! & 15) | ((bytes[at + group - 4]! >> 6) << 4);

const sixBitMinimum = (bytes: Uint8Array, at: number, group: number): number =>
  group < 4 ? bytes[at + group + 4]! & 63 : (bytes[at + group + 4]! >> 4) | ((bytes[at + group]! >> 6) << 4);

/** Lower four bits, upper two, 16 scales of 8 bits, their scale: 16 groups of 16 integers around 32. */
export function dequantizeQ6_K(bytes: Uint8Array, out: Float32Array): void {
  const size = 128 + 64 + 16 + 2;
  for (let at = 0, o = 0; o < out.length; at += size, o += BLOCK) {
    const scale = float16At(bytes, at + 208);
    for (let group = 0; group < 16; group++) {
      const groupScale = scale * ((bytes[at + 192 + group]! << 24) >> 24);
      const half = group >> 3;
      const run = (group >> 1) & 3;
      const column = 16 * (group & 1);
      const lowFrom = at + 64 * half + 32 * (run & 1) + column;
      const lowShift = 4 * (run >> 1);
      const highFrom = at + 128 + 32 * half + column;
      const highShift = 2 * run;
      const to = o + 16 * group;
      for (let i = 0; i < 16; i++) {
        const low = (bytes[lowFrom + i]! >> lowShift) & 15;
        const high = (bytes[highFrom + i]! >> highShift) & 3;
        out[to + i] = groupScale * ((low | (high << 4)) - 32);
      }
    }
  }
}

/** A scale of 32 bits, 256 integers of 8 bits, sums that only products need. */
export function dequantizeQ8_K(bytes: Uint8Array, out: Float32Array): void {
  const size = 4 + 256 + 32;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0, o = 0; o < out.length; at += size, o += BLOCK) {
    const scale = view.getFloat32(at, true);
    for (let i = 0; i < BLOCK; i++) out[o + i] = scale * ((bytes[at + 4 + i]! << 24) >> 24);
  }
}
