import { readSafetensors } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { readGguf } from "../../src/gguf/read-gguf.js";
import { readTensor, tensorValues } from "../../src/gguf/read-tensor.js";
import { TENSOR_TYPES } from "../../src/gguf/tensor-types.js";
import { reference } from "./references.js";

const { tensors } = readGguf(reference("blocks.gguf"));

describe("readTensor", () => {
  it.each(Object.values(TENSOR_TYPES).map(({ name }) => name))(
    "dequantises %s to the bits of the package gguf",
    (type) => {
      const tensor = tensors.get(type)!;
      expect(tensor.type.name).toBe(type);
      using expected = readSafetensors(reference("blocks.safetensors"));
      const values = expected.tensors.get(type)!.toTypedArray() as Float32Array;
      const bits = (array: Float32Array) => new Uint32Array(array.buffer, array.byteOffset, array.length);
      expect(bits(tensorValues(tensor))).toEqual(bits(values));
    },
  );

  it("hands out numbers piece by piece, in their order", () => {
    const small = tensors.get("F32")!;
    const numel = 2 ** 20 + 5;
    const starts: number[] = [];
    // Zeros behind the end are not asked for: the file is longer than the first piece only in what it says.
    const read = () => readTensor({ ...small, numel }, (_, start) => starts.push(start));
    expect(read).toThrow(/ended at byte \d+ while it was read/);
    expect(starts).toEqual([]);
  });
});
