import { describe, expect, it } from "vitest";
import { aten, Generator, liveTensorCount, ops, scope, type Tensor, tensor, zeros } from "../src/index.js";
import { torchError } from "./torch-error.js";

const matrix = () => tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });

describe("calling operators", () => {
  it("takes positional arguments, then named ones, and fills in defaults", () => {
    scope(() => {
      const a = tensor([1, 2]);
      const b = tensor([10, 20]);
      expect(aten.add.Tensor(a, b).toArray()).toEqual([11, 22]);
      expect(aten.add.Tensor(a, b, { alpha: 2 }).toArray()).toEqual([21, 42]);
      expect(aten.sum.dim_IntList(matrix(), [1], true).shape).toEqual([2, 1]);
      expect(aten.sum.dim_IntList(matrix(), [1], true, { dtype: "float64" }).dtype).toBe("float64");
    });
  });

  it("finds overloads by name; the plain call is the one without a name", () => {
    scope(() => {
      expect(aten.max(matrix()).item()).toBe(6);
      const [values, indices] = aten.max.dim(matrix(), 0);
      expect(values.toArray()).toEqual([4, 5, 6]);
      expect(indices.toArray()).toEqual([1, 1, 1]);
    });
  });

  it("answers several results as an array", () => {
    scope(() => {
      const [values, indices] = aten.topk(tensor([3, 9, 5]), 2);
      expect(values.toArray()).toEqual([9, 5]);
      expect(indices.toArray()).toEqual([1, 2]);
      expect(aten.split.Tensor(tensor([1, 2, 3]), 2).map((part) => part.toArray())).toEqual([[1, 2], [3]]);
    });
  });

  it("answers numbers, booleans and dtypes as such, and nothing as undefined", () => {
    scope(() => {
      expect(aten.equal(tensor([1]), tensor([1]))).toBe(true);
      expect(aten.size.int(matrix(), 1)).toBe(3);
      expect(aten.result_type.Tensor(matrix(), zeros([1], { dtype: "float64" }))).toBe("float64");
      expect(aten._foreach_mul_.Scalar([tensor([1])], 2)).toBeUndefined();
    });
  });

  it("takes null for optional tensors, also inside of lists", () => {
    scope(() => {
      const index = tensor([0, 2], { dtype: "int64" });
      expect(aten.index.Tensor(matrix(), [null, index]).toArray()).toEqual([1, 3, 4, 6]);
      expect(aten.rms_norm(tensor([3, 4]), [2], null, 0).toArray()[0]).toBeCloseTo(3 / Math.sqrt(12.5), 6);
    });
  });

  it("takes lists of tensors", () => {
    scope(() => {
      expect(aten.cat([tensor([1]), tensor([2, 3])]).toArray()).toEqual([1, 2, 3]);
      expect(aten.stack([tensor([1]), tensor([2])], 1).shape).toEqual([1, 2]);
    });
  });

  it("takes one number for a list of fixed size, or a list of exactly that size", () => {
    scope(() => {
      const image = zeros([1, 1, 4, 4]);
      expect(aten.avg_pool2d(image, 2).shape).toEqual([1, 1, 2, 2]);
      expect(aten.avg_pool2d(image, [2]).shape).toEqual([1, 1, 2, 2]);
      expect(aten.avg_pool2d(image, [4, 2]).shape).toEqual([1, 1, 1, 2]);
      expect(torchError(() => aten.avg_pool2d(image, [2, 2, 2]))).toMatchObject({
        code: "TORCH_ARGUMENT_VALUE",
        message: expect.stringContaining("kernel_size must have 2 elements, not 3"),
      });
      expect(torchError(() => aten.avg_pool2d(image, []))).toMatchObject({ code: "TORCH_ARGUMENT_VALUE" });
    });
  });

  it("takes bigints where an integer is beyond 2^53", () => {
    scope(() => {
      const x = zeros([1], { dtype: "int64" });
      aten.fill_.Scalar(x, 2n ** 60n);
      expect(x.toTypedArray()).toEqual(BigInt64Array.of(2n ** 60n));
    });
  });

  it("takes dtypes and devices as strings, and a Generator", () => {
    scope(() => {
      expect(aten.arange(3, { dtype: "int32", device: "cpu" }).dtype).toBe("int32");
      expect(aten.rand.generator([2], { generator: new Generator({ seed: 1 }) }).shape).toEqual([2]);
    });
  });

  it("keeps the negative zero and tells integers from floats by their value", () => {
    scope(() => {
      expect(Object.is(aten.full([], -0, { dtype: "float32" }).item(), -0)).toBe(true);
      expect(aten.add.Scalar(tensor([1], { dtype: "int64" }), 2).dtype).toBe("int64");
      expect(aten.add.Scalar(tensor([1], { dtype: "int64" }), 2.5).dtype).toBe("float32");
    });
  });

  it("reaches the project's own operators by namespace", () => {
    scope(() => {
      const keys = zeros([2, 4], { dtype: "int64" });
      expect((ops.otr.philox_uniform(keys, 3) as Tensor).shape).toEqual([2, 3]);
    });
  });
});

describe("operators that write", () => {
  it("answer with the very Tensor that they changed", () => {
    scope(() => {
      const x = tensor([1, 2]);
      expect(aten.add_.Scalar(x, 1)).toBe(x);
      const out = zeros([2]);
      expect(aten.add.out(x, x, { out })).toBe(out);
      expect(out.toArray()).toEqual([4, 6]);
    });
  });

  it("answer with the very Tensors where there are several, so that a scope does not free them", () => {
    const values = zeros([3]);
    const indices = zeros([3], { dtype: "int64" });
    const before = liveTensorCount();
    scope(() => {
      const results = aten.sort.values(tensor([3, 1, 2]), 0, false, { values, indices });
      expect(results[0]).toBe(values);
      expect(results[1]).toBe(indices);
    });
    expect(liveTensorCount()).toBe(before);
    expect(values.toArray()).toEqual([1, 2, 3]);
    expect(indices.toArray()).toEqual([1, 2, 0]);
    values.dispose();
    indices.dispose();
  });

  it("change the elements of lists", () => {
    scope(() => {
      const parts = [tensor([1]), tensor([2])];
      aten._foreach_add_.Scalar(parts, 10);
      expect(parts.map((part) => part.item())).toEqual([11, 12]);
    });
  });
});

describe("wrong calls", () => {
  const x = zeros([2]);

  it.each<[string, () => unknown, string, RegExp]>([
    [
      "too few arguments",
      () => Reflect.apply(aten.mm, null, [x]),
      "TORCH_ARGUMENT_COUNT",
      /argument mat2 is missing; signature: aten::mm/,
    ],
    [
      "too many arguments",
      () => Reflect.apply(aten.mm, null, [x, x, x]),
      "TORCH_ARGUMENT_COUNT",
      /at most 2 positional arguments, not 3/,
    ],
    [
      "named arguments by position",
      () => Reflect.apply(aten.add.Tensor, null, [x, x, 2]),
      "TORCH_ARGUMENT_COUNT",
      /pass alpha by name: \{ alpha: ... \}/,
    ],
    [
      "a name that does not exist",
      () => Reflect.apply(aten.add.Tensor, null, [x, x, { beta: 1 }]),
      "TORCH_ARGUMENT_TYPE",
      /no argument 'beta'; it has self, other, alpha/,
    ],
    [
      "an argument twice",
      () => Reflect.apply(aten.add.Tensor, null, [x, x, { other: x }]),
      "TORCH_ARGUMENT_TYPE",
      /'other' by position and by name/,
    ],
    [
      "an operator that does not exist",
      () => ops.aten.no_such_thing(x),
      "TORCH_UNKNOWN_OPERATOR",
      /aten::no_such_thing/,
    ],
    [
      "an overload that is needed",
      () => Reflect.apply(ops.aten.add, null, [x, x]),
      "TORCH_UNKNOWN_OPERATOR",
      /aten::add/,
    ],
    ["a namespace that does not exist", () => ops.nonsense.mm(x), "TORCH_UNKNOWN_OPERATOR", /nonsense::mm/],
    [
      "a namespace that is left out",
      () => ops.quantized.relu6(x, false),
      "TORCH_UNSUPPORTED",
      /quantized::relu6.* is left out/,
    ],
    ["an operator that trusts its arguments", () => ops.aten.set_(x), "TORCH_UNSUPPORTED", /is left out/],
  ])("%s", (_name, call, code, message) => {
    const error = torchError(call);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it("say the operator and the dtypes and shapes of its arguments", () => {
    scope(() => {
      const error = torchError(() => aten.mm(zeros([2, 3]), zeros([2, 3], { dtype: "int64" })));
      expect(error.operator).toBe("aten::mm");
      expect(error.message).toContain("aten::mm(float32[2, 3], int64[2, 3])");
      expect(torchError(() => aten.sum.dim_IntList(zeros([2]), [5])).message).toContain(
        "aten::sum.dim_IntList(float32[2], [5], False, null)",
      );
    });
  });

  it("have codes by kind of mistake", () => {
    scope(() => {
      const singular = zeros([2, 2]);
      expect(torchError(() => aten.index_select(x, 0, tensor([7], { dtype: "int64" }))).code).toBe(
        "TORCH_INDEX",
      );
      expect(torchError(() => x.narrow(3, 0, 1)).code).toBe("TORCH_INDEX");
      expect(torchError(() => aten.linalg_inv(singular)).code).toBe("TORCH_LINEAR_ALGEBRA");
      expect(torchError(() => zeros([2 ** 50])).code).toBe("TORCH_OUT_OF_MEMORY");
      expect(torchError(() => aten.mm(zeros([2, 3]), zeros([2, 3]))).code).toBe("TORCH_OPERATOR");
      expect(torchError(() => aten.softmax.int(zeros([2], { dtype: "int64" }), 0)).code).toBe(
        "TORCH_NOT_IMPLEMENTED",
      );
    });
  });

  it.each(["linalg_eigvals", "_linalg_eigvals", "binomial"])(
    "%s is refused where an element is no number: it would not come back",
    (name) => {
      scope(() => {
        const broken = tensor([1, Number.NaN, 1, 1], { shape: [2, 2] });
        const values = name === "binomial" ? [broken, zeros([2, 2])] : [broken];
        expect(torchError(() => ops.aten[name](...values)).code).toBe("TORCH_ARGUMENT_VALUE");
        expect(ops.aten[name](...values.map((value) => aten.zeros_like(value)))).toBeDefined();
      });
    },
  );

  it("of operators with results other than dense tensors are refused", () => {
    scope(() => {
      for (const call of [
        () => aten.to_sparse(matrix()),
        () => ops.aten.quantize_per_tensor(matrix(), 1, 0, "uint8"),
        () => ops.aten.to_mkldnn(matrix()),
        () => aten._efficientzerotensor([2]),
        () => aten.view_as_complex(zeros([2, 2], { dtype: "float16" })),
      ]) {
        expect(["TORCH_UNSUPPORTED", "TORCH_OPERATOR"]).toContain(torchError(call).code);
      }
      expect(torchError(() => aten.to_sparse(matrix())).message).toContain("only dense tensors");
    });
  });
});
