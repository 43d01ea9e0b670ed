import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { arange, full, gradients, ops, scope, Tensor, tensor, zeros } from "../src/index.js";
import { aten } from "../src/operators.js";
import { torchError } from "./torch-error.js";

describe("what a tensor says of itself", () => {
  it("names shape, dtype, device and number of elements", () => {
    scope(() => {
      const x = zeros([2, 3, 4], { dtype: "int16" });
      expect(x.shape).toEqual([2, 3, 4]);
      expect(x.dtype).toBe("int16");
      expect(x.device).toBe("cpu");
      expect(x.numel).toBe(24);
      expect(zeros([]).numel).toBe(1);
      expect(zeros([3, 0]).numel).toBe(0);
    });
  });

  it("shows dtype and shape, also in a debugger", () => {
    const x = zeros([2, 3], { dtype: "bfloat16" });
    expect(`${x}`).toBe("Tensor(bfloat16[2, 3])");
    expect(inspect(x)).toBe("Tensor(bfloat16[2, 3])");
    x.dispose();
    expect(`${x}`).toBe("Tensor(disposed)");
  });

  it("counts the bytes of its own memory, not those of a view", () => {
    scope(() => {
      const x = zeros([10], { dtype: "float64" });
      expect(x.ownedBytes).toBe(80);
      expect(x.narrow(0, 2, 3).ownedBytes).toBe(0);
      x.dispose();
      expect(x.ownedBytes).toBe(0);
    });
  });

  it("counts nothing for a tensor that something else keeps alive", () => {
    scope(() => {
      const x = zeros([10]);
      x.requiresGrad = true;
      x.sum().backward();
      expect(x.grad!.ownedBytes).toBe(0);
      expect(x.to("float32").ownedBytes).toBe(0);
      expect(aten.contiguous(x).ownedBytes).toBe(0);
      expect(x.detach().ownedBytes).toBe(0);
    });
  });

  it("counts the results of operators and gradients that are new", () => {
    scope(() => {
      const x = zeros([10]);
      expect(aten.topk(x, 5).map((made) => made.ownedBytes)).toEqual([20, 40]);
      expect(aten._foreach_add.Scalar([x, x], 1).map((made) => made.ownedBytes)).toEqual([40, 40]);
      x.requiresGrad = true;
      expect(gradients([x.mul(2).sum()], [x]).map((made) => made?.ownedBytes)).toEqual([40]);
    });
  });

  it("tells the same tensor from an equal one", () => {
    scope(() => {
      const x = zeros([2]);
      expect(x.is(x)).toBe(true);
      expect(x.is(zeros([2]))).toBe(false);
      expect(x.is(x.view([2]))).toBe(false);
    });
  });
});

describe("copies to JavaScript", () => {
  it.each([
    ["float32", Float32Array, [1.5, -2]],
    ["float64", Float64Array, [1.5, -2]],
    ["bfloat16", Float32Array, [1.5, -2]],
    ["float16", Float32Array, [1.5, -2]],
    ["int64", BigInt64Array, [1n, -2n]],
    ["int32", Int32Array, [1, -2]],
    ["int16", Int16Array, [1, -2]],
    ["int8", Int8Array, [1, -2]],
    ["uint8", Uint8Array, [1, 254]],
    ["bool", Uint8Array, [1, 1]],
  ] as const)("gives %s as the array that holds it exactly", (dtype, type, expected) => {
    scope(() => {
      const values = dtype.includes("int") ? [1, -2] : [1.5, -2];
      const array = tensor(values, { dtype: "float64" }).to(dtype).toTypedArray();
      expect(array).toBeInstanceOf(type);
      expect([...array]).toEqual(expected);
    });
  });

  it("follows row-major order whatever the strides", () => {
    scope(() => {
      const x = arange(6).view([2, 3]).t();
      expect(x.toArray()).toEqual([0, 3, 1, 4, 2, 5]);
      expect(tensor([7]).expand([3]).toArray()).toEqual([7, 7, 7]);
      expect(zeros([0, 3]).toArray()).toEqual([]);
    });
  });

  it("resolves the sign that a negated or conjugated view keeps in a flag", () => {
    scope(() => {
      expect(aten._neg_view(tensor([1, 2])).toArray()).toEqual([-1, -2]);
      const conjugate = aten._conj(aten.complex(tensor([1]), tensor([2])));
      expect(aten.view_as_real(aten.resolve_conj(conjugate)).toArray()).toEqual([1, -2]);
      expect(aten.imag(conjugate).toArray()).toEqual([-2]);
    });
  });

  it("is a copy: neither side sees the other's changes", () => {
    scope(() => {
      const source = Float32Array.from([1, 2]);
      const x = tensor(source);
      source[0] = 9;
      const copy = x.toTypedArray();
      copy[1] = 9;
      expect(x.toArray()).toEqual([1, 2]);
    });
  });

  it("refuses to round an integer beyond 2^53", () => {
    scope(() => {
      const x = tensor(BigInt64Array.of(2n ** 53n + 1n));
      expect(x.toTypedArray()).toEqual(BigInt64Array.of(2n ** 53n + 1n));
      expect(torchError(() => x.toArray())).toMatchObject({ code: "TORCH_VALUE" });
      expect(torchError(() => x.item())).toMatchObject({ code: "TORCH_VALUE" });
    });
  });

  it("says which dtypes have no array", () => {
    scope(() => {
      const complex = zeros([1], { dtype: "complex64" });
      expect(torchError(() => complex.toTypedArray())).toMatchObject({ code: "TORCH_UNSUPPORTED" });
      expect(torchError(() => complex.item())).toMatchObject({ code: "TORCH_UNSUPPORTED" });
    });
  });
});

describe("item", () => {
  it("is the only element as a number", () => {
    scope(() => {
      expect(full([], 2.5).item()).toBe(2.5);
      expect(full([1, 1], 7, { dtype: "int64" }).item()).toBe(7);
      expect(full([], 1, { dtype: "bool" }).item()).toBe(1);
    });
  });

  it("is refused for more or fewer elements", () => {
    scope(() => {
      expect(torchError(() => zeros([2]).item()).message).toContain("2 elements");
      expect(torchError(() => zeros([0]).item()).message).toContain("0 elements");
    });
  });
});

describe("methods", () => {
  const x = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });

  it.each<[string, () => Tensor, readonly number[], readonly number[]]>([
    ["add a tensor", () => x().add(tensor([10, 20, 30])), [2, 3], [11, 22, 33, 14, 25, 36]],
    ["add a number", () => x().add(1), [2, 3], [2, 3, 4, 5, 6, 7]],
    ["sub", () => x().sub(1), [2, 3], [0, 1, 2, 3, 4, 5]],
    ["mul", () => x().mul(x()), [2, 3], [1, 4, 9, 16, 25, 36]],
    ["div", () => x().div(2), [2, 3], [0.5, 1, 1.5, 2, 2.5, 3]],
    ["eq", () => x().eq(2), [2, 3], [0, 1, 0, 0, 0, 0]],
    ["neg", () => x().neg(), [2, 3], [-1, -2, -3, -4, -5, -6]],
    ["sqrt", () => tensor([4, 9]).sqrt(), [2], [2, 3]],
    ["rsqrt", () => tensor([4, 16]).rsqrt(), [2], [0.5, 0.25]],
    ["sigmoid", () => tensor([0]).sigmoid(), [1], [0.5]],
    ["exp", () => tensor([0]).exp(), [1], [1]],
    ["log", () => tensor([1]).log(), [1], [0]],
    ["cos", () => tensor([0]).cos(), [1], [1]],
    ["sin", () => tensor([0]).sin(), [1], [0]],
    ["matmul", () => x().matmul(tensor([1, 0, 1])), [2], [4, 10]],
    ["t", () => x().t(), [3, 2], [1, 4, 2, 5, 3, 6]],
    ["view", () => x().view([3, 2]), [3, 2], [1, 2, 3, 4, 5, 6]],
    ["reshape with a size to find", () => x().t().reshape([-1]), [6], [1, 4, 2, 5, 3, 6]],
    ["transpose", () => x().transpose(0, -1), [3, 2], [1, 4, 2, 5, 3, 6]],
    ["permute", () => x().permute([1, 0]), [3, 2], [1, 4, 2, 5, 3, 6]],
    ["unsqueeze", () => x().unsqueeze(1), [2, 1, 3], [1, 2, 3, 4, 5, 6]],
    ["squeeze", () => x().unsqueeze(0).squeeze(0), [2, 3], [1, 2, 3, 4, 5, 6]],
    ["expand", () => tensor([1, 2]).expand([2, 2]), [2, 2], [1, 2, 1, 2]],
    ["sum of all", () => x().sum(), [], [21]],
    ["sum over a dimension", () => x().sum(0), [3], [5, 7, 9]],
    ["sum over dimensions, kept", () => x().sum([0, 1], true), [1, 1], [21]],
    ["mean of all", () => x().mean(), [], [3.5]],
    ["mean over a dimension", () => x().mean(-1, true), [2, 1], [2, 5]],
    ["argmax of all", () => x().argmax(), [], [5]],
    ["argmax over a dimension", () => x().argmax(1), [2], [2, 2]],
    ["softmax", () => tensor([3, 3]).softmax(0), [2], [0.5, 0.5]],
    ["logSoftmax", () => tensor([5]).logSoftmax(0), [1], [0]],
    ["logsumexp", () => tensor([5]).logsumexp(0), [], [5]],
    ["narrow", () => x().narrow(1, 1, 2), [2, 2], [2, 3, 5, 6]],
    ["indexSelect", () => x().indexSelect(1, tensor([2, 0], { dtype: "int64" })), [2, 2], [3, 1, 6, 4]],
    ["gather", () => x().gather(1, tensor([2, 0], { dtype: "int64", shape: [2, 1] })), [2, 1], [3, 4]],
    ["contiguous", () => x().t().contiguous(), [3, 2], [1, 4, 2, 5, 3, 6]],
    ["clone", () => x().clone(), [2, 3], [1, 2, 3, 4, 5, 6]],
    ["detach", () => x().detach(), [2, 3], [1, 2, 3, 4, 5, 6]],
  ])("%s", (_name, make, shape, values) => {
    scope(() => {
      const result = make();
      expect(result.shape).toEqual(shape);
      expect(result.toArray()).toEqual(values);
    });
  });

  it("work in place and answer with the same object", () => {
    scope(() => {
      const y = tensor([8, 4]);
      expect(y.add_(2)).toBe(y);
      expect(y.sub_(tensor([1, 1]))).toBe(y);
      expect(y.mul_(2)).toBe(y);
      expect(y.div_(tensor([3, 2]))).toBe(y);
      expect(y.toArray()).toEqual([6, 5]);
      expect(y.copy_(tensor([1, 2])).toArray()).toEqual([1, 2]);
      expect(y.fill_(3).toArray()).toEqual([3, 3]);
      expect(y.zero_().toArray()).toEqual([0, 0]);
    });
  });

  it("convert to a dtype or a device", () => {
    scope(() => {
      const y = tensor([1.9, -1.9]);
      expect(y.to("int32").toArray()).toEqual([1, -1]);
      expect(y.to("bfloat16").dtype).toBe("bfloat16");
      expect(y.to("cpu").toArray()).toEqual(y.toArray());
      expect(torchError(() => y.to("float33"))).toMatchObject({ code: "TORCH_ARGUMENT_VALUE" });
    });
  });

  it("give a handle of its own where nothing changes, so that either may be disposed first", () => {
    scope(() => {
      const y = tensor([1, 2]);
      const same = y.to("float32");
      expect(same).not.toBe(y);
      same.dispose();
      expect(y.toArray()).toEqual([1, 2]);
    });
  });
});

describe("disposal", () => {
  it("frees at once; a second call does nothing", () => {
    const x = zeros([2]);
    x.dispose();
    x.dispose();
    expect(x.isDisposed).toBe(true);
  });

  it("keeps views alive: they hold the memory, not the tensor", () => {
    scope(() => {
      const x = tensor([1, 2, 3]);
      const view = x.narrow(0, 1, 2);
      x.dispose();
      expect(view.toArray()).toEqual([2, 3]);
    });
  });

  it("makes every use an error that says how to keep the tensor", () => {
    scope(() => {
      const x = zeros([2]);
      const y = zeros([2]);
      x.dispose();
      const uses = [
        () => x.shape,
        () => x.dtype,
        () => x.device,
        () => x.item(),
        () => x.toArray(),
        () => x.requiresGrad,
        () => x.grad,
        () => x.backward(),
        () => x.add(1),
        () => y.add(x),
        () => aten.cat([y, x]),
        () => ops.otr.philox_uniform(x, 1),
        () => x.is(y),
      ];
      for (const use of uses) {
        const error = torchError(use);
        expect(error.code).toBe("TORCH_DISPOSED");
        expect(error.message).toContain("keep()");
      }
    });
  });

  it("happens at the end of a block with `using`", () => {
    let outside: Tensor;
    {
      using inside = zeros([2]);
      outside = inside;
      expect(inside.isDisposed).toBe(false);
    }
    expect(outside.isDisposed).toBe(true);
  });
});

describe("what is no tensor", () => {
  it("has no handle", () => {
    for (const value of [
      null,
      undefined,
      1,
      "x",
      {},
      [],
      new Proxy({}, {}),
      Object.create(Tensor.prototype),
    ]) {
      expect(Tensor.handleOf(value)).toBeNull();
    }
  });
});
