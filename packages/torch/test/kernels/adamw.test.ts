import { describe, expect, it } from "vitest";
import { aten, Generator, kernels, scope, type Tensor, zeros } from "../../src/index.js";
import { torchError } from "../torch-error.js";
import { onOneAndTwoThreads } from "./on-one-and-two-threads.js";

const SHAPES = [[3, 50], [1], [40_001], [0]];
const settings = { lr: 1e-2, beta1: 0.9, beta2: 0.95, eps: 1e-8, weight_decay: 0.1 };

/** Three steps of the kernel, or of libtorch's fused operator, from the same start; gradients scaled by 0.5. */
function threeSteps(fused: boolean): { parameters: Tensor[]; copies: Tensor[] } {
  const generator = new Generator({ seed: 9 });
  const random = (shape: number[]) => aten.normal_(zeros(shape), 0, 1, { generator });
  const parameters = SHAPES.map(random);
  const [first, second] = [SHAPES.map((shape) => zeros(shape)), SHAPES.map((shape) => zeros(shape))];
  const copies = SHAPES.map((shape) => zeros(shape, { dtype: "bfloat16" }));
  const steps = SHAPES.map(() => zeros([]));
  for (let step = 1; step <= 3; step++) {
    const gradients = SHAPES.map(random);
    if (fused) {
      for (const gradient of gradients) gradient.mul_(0.5);
      aten._foreach_add_.Scalar(steps, 1);
      aten._fused_adamw_(parameters, gradients, first, second, [], steps, {
        ...settings,
        amsgrad: false,
        maximize: false,
      });
    } else {
      const options = { ...settings, step, gradient_scale: 0.5 };
      kernels.adamw_(parameters, gradients, first, second, [copies[0], null, copies[2], copies[3]], options);
    }
  }
  return { parameters, copies };
}

describe("adamw_", () => {
  it("steps as libtorch's fused operator and writes the copies", () => {
    scope(() => {
      const ours = threeSteps(false);
      const theirs = threeSteps(true);
      let largest = 0;
      for (const [index, parameter] of ours.parameters.entries()) {
        const difference = parameter.sub(theirs.parameters[index]);
        if (difference.numel > 0)
          largest = Math.max(largest, aten.linalg_vector_norm(difference, Number.POSITIVE_INFINITY).item());
      }
      console.log(`adamw_: largest difference ${largest.toExponential(1)}`);
      expect(largest).toBeLessThan(2e-6);
      for (const index of [0, 2]) {
        expect(ours.copies[index].toArray()).toEqual(ours.parameters[index].to("bfloat16").toArray());
      }
    });
  });

  it("gives the same bits on one thread and on two", () => {
    scope(() => {
      const [one, two] = onOneAndTwoThreads(() => {
        const { parameters, copies } = threeSteps(false);
        return [...parameters, ...copies].map((tensor) => tensor.toArray());
      });
      expect(two).toEqual(one);
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      const one = [zeros([4])];
      const options = { ...settings, step: 1 };
      expect(torchError(() => kernels.adamw_(one, [], one, one, [null], options)).code).toBe("TORCH_VALUE");
      expect(torchError(() => kernels.adamw_(one, [zeros([5])], one, one, [null], options)).code).toBe(
        "TORCH_VALUE",
      );
      expect(torchError(() => kernels.adamw_(one, one, one, one, [zeros([4])], options)).code).toBe(
        "TORCH_VALUE",
      );
      expect(torchError(() => kernels.adamw_(one, one, one, one, [null], { ...options, step: 0 })).code).toBe(
        "TORCH_VALUE",
      );
      const narrow = [zeros([4], { dtype: "bfloat16" })];
      expect(torchError(() => kernels.adamw_(narrow, one, one, one, [null], options)).code).toBe(
        "TORCH_TYPE",
      );
    });
  });
});
