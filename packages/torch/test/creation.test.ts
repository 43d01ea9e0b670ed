import { describe, expect, it } from "vitest";
import {
  arange,
  type DType,
  empty,
  full,
  Generator,
  ITEM_SIZE,
  ones,
  randn,
  scope,
  type TypedArray,
  tensor,
  zeros,
} from "../src/index.js";
import { torchError } from "./torch-error.js";

describe("tensor", () => {
  it("makes float32 of numbers unless told otherwise", () => {
    scope(() => {
      expect(tensor([1, 2.5]).dtype).toBe("float32");
      expect(tensor([1, 2.5], { dtype: "float64" }).toArray()).toEqual([1, 2.5]);
      expect(tensor([1, 2], { dtype: "int64" }).toTypedArray()).toEqual(BigInt64Array.of(1n, 2n));
      expect(tensor([0, 2], { dtype: "bool" }).toArray()).toEqual([0, 1]);
    });
  });

  it.each<[TypedArray, DType]>([
    [Float32Array.of(1, 2), "float32"],
    [Float64Array.of(1, 2), "float64"],
    [BigInt64Array.of(1n, 2n), "int64"],
    [Int32Array.of(1, 2), "int32"],
    [Int16Array.of(1, 2), "int16"],
    [Int8Array.of(1, 2), "int8"],
    [Uint8Array.of(1, 2), "uint8"],
  ])("keeps the type of a typed array (%#)", (array, dtype) => {
    scope(() => {
      const made = tensor(array);
      expect(made.dtype).toBe(dtype);
      expect(made.toTypedArray()).toEqual(array);
      expect(tensor(array, { dtype: "bfloat16" }).toArray()).toEqual([1, 2]);
    });
  });

  it("reads a typed array that is a window of a larger buffer", () => {
    scope(() => {
      const buffer = Float32Array.of(0, 1, 2, 3);
      expect(tensor(buffer.subarray(1, 3)).toArray()).toEqual([1, 2]);
      expect(tensor(Buffer.from([7, 8, 9]).subarray(1)).toArray()).toEqual([8, 9]);
    });
  });

  it("rounds to the dtype as libtorch does: once, from float64", () => {
    scope(() => {
      expect(tensor([0.1]).item()).toBe(Math.fround(0.1));
      expect(tensor([1 + 2 ** -8], { dtype: "bfloat16" }).item()).toBe(1);
      expect(tensor([1 + 3 * 2 ** -8], { dtype: "bfloat16" }).item()).toBe(1 + 2 ** -6);
    });
  });

  it("takes a shape", () => {
    scope(() => {
      expect(tensor([1, 2, 3, 4], { shape: [2, 2] }).shape).toEqual([2, 2]);
      expect(tensor([5], { shape: [] }).item()).toBe(5);
      expect(tensor([], { shape: [0, 3] }).shape).toEqual([0, 3]);
    });
  });

  it.each<[string, () => unknown, string]>([
    ["a shape of another size", () => tensor([1, 2], { shape: [3] }), "TORCH_ARGUMENT_VALUE"],
    ["a negative size", () => tensor([1, 2], { shape: [-1, -2] }), "TORCH_ARGUMENT_VALUE"],
    ["a fractional size", () => tensor([1, 2], { shape: [0.5, 4] }), "TORCH_ARGUMENT_VALUE"],
    ["NaN as a size", () => tensor([1], { shape: [Number.NaN] }), "TORCH_ARGUMENT_VALUE"],
    [
      "sizes whose product overflows",
      () => tensor([], { shape: [2 ** 40, 2 ** 40] }),
      "TORCH_ARGUMENT_VALUE",
    ],
    ["a fraction as int64", () => tensor([1.5], { dtype: "int64" }), "TORCH_ARGUMENT_VALUE"],
    ["a number beyond 2^53 as int64", () => tensor([2 ** 53], { dtype: "int64" }), "TORCH_ARGUMENT_VALUE"],
    [
      "an array without a dtype",
      () => Reflect.apply(tensor, null, [new Uint16Array(2)]),
      "TORCH_ARGUMENT_TYPE",
    ],
    ["an unknown device", () => tensor([1], { device: "tpu" }), "TORCH_ARGUMENT_VALUE"],
    ["a device of another library", () => zeros([1], { device: "meta" }), "TORCH_ARGUMENT_VALUE"],
    [
      "an unknown dtype",
      () => Reflect.apply(zeros, null, [[1], { dtype: "float33" }]),
      "TORCH_ARGUMENT_VALUE",
    ],
  ])("refuses %s", (_name, call, code) => {
    expect(torchError(call).code).toBe(code);
  });

  it("reads nothing from a detached buffer", () => {
    const array = Float32Array.of(1, 2);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    scope(() => {
      expect(tensor(array).shape).toEqual([0]);
      expect(torchError(() => tensor(array, { shape: [2] })).code).toBe("TORCH_ARGUMENT_VALUE");
    });
  });
});

describe("filled tensors", () => {
  it("have the shape, value, dtype and device asked for", () => {
    scope(() => {
      expect(zeros([2]).toArray()).toEqual([0, 0]);
      expect(ones([2, 1], { dtype: "int32" }).toArray()).toEqual([1, 1]);
      expect(full([2], 2.5).toArray()).toEqual([2.5, 2.5]);
      expect(full([1], 3, { dtype: "int64" }).dtype).toBe("int64");
      expect(empty([4, 5], { dtype: "bfloat16" }).shape).toEqual([4, 5]);
      expect(arange(3).toTypedArray()).toEqual(BigInt64Array.of(0n, 1n, 2n));
      expect(arange(3, { dtype: "float32" }).dtype).toBe("float32");
    });
  });

  it("exist in every dtype that has a name", () => {
    scope(() => {
      for (const [dtype, size] of Object.entries(ITEM_SIZE)) {
        const made = zeros([3], { dtype: dtype as DType });
        expect(made.dtype).toBe(dtype);
        expect(made.ownedBytes).toBe(3 * size);
      }
    });
  });

  it("refuse sizes that no memory holds", () => {
    expect(torchError(() => zeros([2 ** 53 - 1])).code).toMatch(/TORCH_(OUT_OF_MEMORY|OPERATOR)/);
    expect(torchError(() => empty([2 ** 45])).code).toBe("TORCH_OUT_OF_MEMORY");
  });
});

describe("randn", () => {
  it("draws from the generator, with mean 0 and standard deviation 1", () => {
    scope(() => {
      const generator = new Generator({ seed: 3 });
      const x = randn([20_000], { generator, dtype: "float64" });
      expect(Math.abs(x.mean().item())).toBeLessThan(4 / Math.sqrt(20_000));
      expect(Math.abs(x.mul(x).mean().item() - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000));
    });
  });
});
