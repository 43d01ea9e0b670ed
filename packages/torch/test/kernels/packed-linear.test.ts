import { describe, expect, it } from "vitest";
import { aten, kernels, scope } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { normal } from "./against-composed.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const SHAPES: readonly (readonly [rows: number, outputs: number, inputs: number])[] = [
  [1, 1, 2],
  [0, 5, 4],
  [3, 31, 6],
  [12, 32, 64],
  [13, 33, 130],
  [25, 96, 18],
  [400, 70, 34],
];

describe("packed_linear", () => {
  it.each(SHAPES)(
    "agrees with linear in float64: %i rows, %i outputs, %i inputs",
    (rows, outputs, inputs) => {
      scope(() => {
        const input = normal([rows, inputs], 1, "bfloat16");
        const weight = normal([outputs, inputs], 2, "bfloat16");
        const packed = kernels.pack_linear(weight);
        for (const bias of [null, normal([outputs], 3, "bfloat16")]) {
          const product = kernels.packed_linear(input, packed, outputs, bias);
          expect([product.dtype, product.shape]).toEqual(["bfloat16", [rows, outputs]]);
          const exact = aten.linear(input.to("float64"), weight.to("float64"), bias?.to("float64"));
          const wanted = exact.toArray();
          for (const [place, number] of product.toArray().entries()) {
            const error = Math.abs(number - wanted[place]!);
            if (!(error <= 2 ** -8 * Math.abs(wanted[place]!) + 1e-5)) {
              throw new Error(`${number} instead of ${wanted[place]} at ${place}`);
            }
          }
        }
      });
    },
  );

  it("is the same on one thread and on two, and for a row alone", () => {
    scope(() => {
      const input = normal([30, 64], 1, "bfloat16");
      const packed = kernels.pack_linear(normal([100, 64], 2, "bfloat16"));
      const [one, two] = onOneAndTwoThreads(() => kernels.packed_linear(input, packed, 100).toArray());
      expect(two).toEqual(one);
      const alone = kernels.packed_linear(input.narrow(0, 17, 1), packed, 100).toArray();
      expect(alone).toEqual(one!.slice(1700, 1800));
    });
  });

  it("takes an input whose rows lie apart", () => {
    scope(() => {
      const wide = normal([5, 16], 1, "bfloat16");
      const packed = kernels.pack_linear(normal([3, 8], 2, "bfloat16"));
      const part = wide.narrow(1, 4, 8);
      const dense = kernels.packed_linear(aten.clone(part), packed, 3).toArray();
      expect(kernels.packed_linear(part, packed, 3).toArray()).toEqual(dense);
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      const weight = normal([40, 8], 2, "bfloat16");
      const packed = kernels.pack_linear(weight);
      const input = normal([2, 8], 1, "bfloat16");
      expect(torchError(() => kernels.pack_linear(weight.narrow(1, 0, 7))).code).toBe("TORCH_VALUE");
      expect(torchError(() => kernels.pack_linear(weight.to("float32"))).code).toBe("TORCH_TYPE");
      expect(torchError(() => kernels.packed_linear(input, packed, 30)).code).toBe("TORCH_VALUE");
      expect(torchError(() => kernels.packed_linear(input, packed, 65)).code).toBe("TORCH_VALUE");
      expect(torchError(() => kernels.packed_linear(input.narrow(1, 0, 6), packed, 40)).code).toBe(
        "TORCH_VALUE",
      );
      expect(torchError(() => kernels.packed_linear(input.to("float32"), packed, 40)).code).toBe(
        "TORCH_TYPE",
      );
      expect(torchError(() => kernels.packed_linear(input, weight, 40)).code).toBe("TORCH_VALUE");
      expect(
        torchError(() => kernels.packed_linear(input, packed, 40, normal([39], 1, "bfloat16"))).code,
      ).toBe("TORCH_VALUE");
    });
  });
});
