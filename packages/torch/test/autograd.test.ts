import { describe, expect, it } from "vitest";
import {
  aten,
  enableGrad,
  gradients,
  isGradEnabled,
  liveTensorCount,
  noGrad,
  scope,
  type Tensor,
  tensor,
  zeros,
} from "../src/index.js";
import { torchError } from "./torch-error.js";

const leaf = (values: readonly number[], shape: readonly number[] = [values.length]) => {
  const made = tensor(values, { shape, dtype: "float64" });
  made.requiresGrad = true;
  return made;
};

/** Central differences of a scalar function: the oracle. */
function finiteDifferences(
  f: (x: Tensor) => Tensor,
  values: readonly number[],
  shape: readonly number[],
): number[] {
  const step = 1e-5;
  const at = (changed: readonly number[]) =>
    scope(() => f(tensor(changed, { shape, dtype: "float64" })).item());
  return values.map((value, i) => {
    const above = at(values.with(i, value + step));
    const below = at(values.with(i, value - step));
    return (above - below) / (2 * step);
  });
}

describe("backward", () => {
  const weights = [0.3, -1.2, 0.8, 2, -0.4, 0.1];

  it.each<[string, (x: Tensor) => Tensor]>([
    ["a product of matrices", (x) => x.matmul(x.t()).sum()],
    [
      "the log-likelihood of a softmax",
      (x) =>
        x
          .logSoftmax(1)
          .gather(1, tensor([2, 0], { shape: [2, 1], dtype: "int64" }))
          .mean(),
    ],
    ["a norm of exponentials", (x) => x.exp().mul(x.sigmoid()).mul(x).sum().sqrt()],
    ["views and broadcasting", (x) => x.t().reshape([2, 3]).mul(x.sum(0)).narrow(1, 1, 2).sum()],
    [
      "root-mean-square normalisation",
      (x) =>
        aten
          .rms_norm(x, [3], tensor([1, 2, 3], { dtype: "float64" }), 1e-6)
          .mul(x)
          .sum(),
    ],
    [
      "attention",
      (x) => {
        const q = x.view([1, 1, 2, 3]);
        return aten.scaled_dot_product_attention(q, q, q, null, 0, true).mul(q).sum();
      },
    ],
  ])("agrees with finite differences on %s", (_name, f) => {
    scope(() => {
      const x = leaf(weights, [2, 3]);
      f(x).backward();
      const expected = finiteDifferences(f, weights, [2, 3]);
      const actual = x.grad!.toArray();
      const scale = Math.max(...expected.map(Math.abs));
      for (const [i, value] of actual.entries())
        expect(Math.abs(value - expected[i]) / scale).toBeLessThan(1e-8);
    });
  });

  it("accumulates into grad until it is cleared", () => {
    scope(() => {
      const x = leaf([1, 2]);
      expect(x.grad).toBeNull();
      x.mul(3).sum().backward();
      x.mul(3).sum().backward();
      expect(x.grad!.toArray()).toEqual([6, 6]);
      x.grad = null;
      expect(x.grad).toBeNull();
      x.mul(3).sum().backward();
      expect(x.grad!.toArray()).toEqual([3, 3]);
    });
  });

  it("takes the gradient of an output that is no scalar", () => {
    scope(() => {
      const x = leaf([1, 2]);
      x.mul(x).backward(tensor([1, 10], { dtype: "float64" }));
      expect(x.grad!.toArray()).toEqual([2, 40]);
      expect(torchError(() => x.mul(x).backward()).message).toContain("scalar");
      expect(torchError(() => x.mul(x).backward(zeros([3], { dtype: "float64" }))).message).toMatch(/shape/i);
    });
  });

  it("frees the graph unless told to retain it", () => {
    scope(() => {
      const x = leaf([3]);
      const y = x.mul(x).sum();
      y.backward(undefined, { retainGraph: true });
      y.backward();
      expect(x.grad!.toArray()).toEqual([12]);
      expect(torchError(() => y.backward()).message).toContain("second time");
    });
  });

  it("survives the disposal of intermediate tensors", () => {
    const before = liveTensorCount();
    scope(() => {
      const x = leaf([2]);
      const loss = scope(() => x.mul(x).exp().sum());
      loss.backward();
      expect(x.grad!.item()).toBeCloseTo(4 * Math.exp(4), 10);
    });
    expect(liveTensorCount()).toBe(before);
  });

  it("refuses a tensor that nothing recorded", () => {
    scope(() => expect(torchError(() => zeros([]).backward()).message).toContain("does not require grad"));
  });
});

describe("requiresGrad", () => {
  it("can be set on floating-point leaves only", () => {
    scope(() => {
      const x = leaf([1]);
      expect(x.requiresGrad).toBe(true);
      expect(x.isLeaf).toBe(true);
      const y = x.mul(2);
      expect(y.isLeaf).toBe(false);
      expect(y.requiresGrad).toBe(true);
      expect(
        torchError(() => {
          y.requiresGrad = false;
        }).message,
      ).toContain("leaf");
      const integers = zeros([1], { dtype: "int64" });
      expect(
        torchError(() => {
          integers.requiresGrad = true;
        }).message,
      ).toMatch(/floating/i);
      expect(y.detach().requiresGrad).toBe(false);
    });
  });

  it("forbids changing a leaf in place while it is recorded", () => {
    scope(() => {
      const x = leaf([1]);
      expect(torchError(() => x.add_(1)).message).toContain("in-place");
      noGrad(() => x.add_(1));
      expect(x.toArray()).toEqual([2]);
    });
  });
});

describe("grad", () => {
  it("can be set to a tensor of the same shape, dtype and device", () => {
    scope(() => {
      const x = leaf([1, 2]);
      x.grad = tensor([5, 6], { dtype: "float64" });
      expect(x.grad.toArray()).toEqual([5, 6]);
      for (const wrong of [zeros([3], { dtype: "float64" }), zeros([2])]) {
        const error = torchError(() => {
          x.grad = wrong;
        });
        expect(error.code).toBe("TORCH_ARGUMENT_VALUE");
        expect(error.message).toContain("does not fit the tensor float64[2]");
      }
    });
  });

  it("cannot be the tensor itself, which nothing could free", () => {
    scope(() => {
      const x = leaf([1, 2]);
      const error = torchError(() => {
        x.grad = x;
      });
      expect(error.code).toBe("TORCH_ARGUMENT_VALUE");
      expect(error.message).toContain("the tensor itself");
      expect(x.grad).toBeNull();
    });
  });

  it("is shared with what was set: in-place changes are seen", () => {
    scope(() => {
      const x = leaf([1, 2]);
      x.sum().backward();
      x.grad!.mul_(3);
      expect(x.grad!.toArray()).toEqual([3, 3]);
    });
  });
});

describe("gradients", () => {
  it("answers the gradients and leaves grad alone", () => {
    scope(() => {
      const x = leaf([2]);
      const y = leaf([5]);
      const [dx, dy] = gradients([x.mul(x).mul(y).sum()], [x, y]);
      expect(dx!.toArray()).toEqual([20]);
      expect(dy!.toArray()).toEqual([4]);
      expect(x.grad).toBeNull();
    });
  });

  it("records them for second derivatives with createGraph", () => {
    scope(() => {
      const x = leaf([3]);
      const [first] = gradients([x.mul(x).mul(x).sum()], [x], { createGraph: true });
      const [second] = gradients([first!.sum()], [x], { createGraph: true });
      const [third] = gradients([second!.sum()], [x]);
      expect([first!.item(), second!.item(), third!.item()]).toEqual([27, 18, 6]);
    });
  });

  it("takes the gradients of the outputs", () => {
    scope(() => {
      const x = leaf([1, 2]);
      const seed = tensor([1, -1], { dtype: "float64" });
      expect(gradients([x.mul(x)], [x], { outputGradients: [seed] })[0]!.toArray()).toEqual([2, -4]);
    });
  });

  it("answers null for an input that does not matter, where that is allowed", () => {
    scope(() => {
      const x = leaf([1]);
      const unused = leaf([1]);
      expect(gradients([x.sum()], [x, unused], { allowUnused: true })[1]).toBeNull();
      expect(torchError(() => gradients([x.sum()], [unused])).message).toContain("not have been used");
    });
  });

  it("refuses bad lists", () => {
    scope(() => {
      const x = leaf([1]);
      expect(torchError(() => gradients([x.sum()], [])).code).toBe("TORCH_ARGUMENT_VALUE");
      expect(torchError(() => gradients([x.sum()], [x], { outputGradients: [] })).code).toBe(
        "TORCH_ARGUMENT_VALUE",
      );
      expect(torchError(() => Reflect.apply(gradients, null, [[3], [x]])).code).toBe("TORCH_ARGUMENT_TYPE");
    });
  });
});

describe("noGrad and enableGrad", () => {
  it("nest, and restore the mode also when the body throws", () => {
    scope(() => {
      const x = leaf([1]);
      expect(isGradEnabled()).toBe(true);
      noGrad(() => {
        expect(x.mul(2).requiresGrad).toBe(false);
        enableGrad(() => {
          expect(x.mul(2).requiresGrad).toBe(true);
          noGrad(() => expect(isGradEnabled()).toBe(false));
          expect(isGradEnabled()).toBe(true);
        });
        expect(isGradEnabled()).toBe(false);
      });
      expect(() =>
        noGrad(() => {
          throw new Error("inside");
        }),
      ).toThrow("inside");
      expect(isGradEnabled()).toBe(true);
    });
  });

  it("answer what the body answers and refuse asynchronous ones", () => {
    expect(noGrad(() => 7)).toBe(7);
    expect(torchError(() => noGrad(async () => 7)).code).toBe("TORCH_SCOPE");
    expect(isGradEnabled()).toBe(true);
  });
});
