import { expect, it } from "vitest";
import { type DType, ITEM_SIZE, scope, zeros } from "../src/index.js";
import { aten } from "../src/operators.js";

it("every dtype has the item size that libtorch gives it", () => {
  scope(() => {
    for (const [dtype, size] of Object.entries(ITEM_SIZE)) {
      const bytes = aten.view.dtype(zeros([4], { dtype: dtype as DType }), "uint8");
      expect(bytes.shape, dtype).toEqual([4 * size]);
    }
  });
});
