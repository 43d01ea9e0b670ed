import { describe, expect, it } from "vitest";
import { runNode } from "./run-node.js";

/** What a call in a process of its own ends with: the code of its error, its result, or the signal it ends by. */
function outcome(call: string): string {
  const { signal, stdout, stderr } = runNode(`
    const { aten, ones, tensor, zeros } = torch;
    const leaf = (x) => { x.requiresGrad = true; return x; };
    const long = (...values) => tensor(BigInt64Array.from(values, BigInt));
    const int = (...values) => tensor(Int32Array.from(values));
    const LOWEST = -(2n ** 63n);
    try {
      const result = ${call};
      console.log(JSON.stringify([result].flat().map((item) => item?.toArray() ?? null)));
    } catch (error) {
      console.log(error instanceof torch.TorchError ? error.code : error);
    }`);
  return signal ?? (stdout || stderr).trim();
}

// Without a check each of the refused calls ends the process, or writes where it must not.
describe("an integral range", { timeout: 120_000 }, () => {
  it.each([
    'aten.arange.start_step(0, 5, 0.5, { dtype: "int64" })',
    "aten.arange.start_out(0, 5, 0.5, { out: long(0) })",
    'aten.range.step(0, 5, 0.5, { dtype: "int64" })',
    "aten.range.out(0, 5, 0.5, { out: long(0) })",
    "aten.arange.start_step(0, LOWEST, -1)",
  ])("%s is refused", (call) => {
    expect(outcome(call)).toBe("TORCH_ARGUMENT_VALUE");
  });

  it("keeps its other steps", () => {
    expect(
      outcome('[aten.arange.start_step(0, 5, 2.5, { dtype: "int64" }), aten.arange.start_step(3, 0, -1)]'),
    ).toBe("[[0,2,4],[3,2,1]]");
    expect(
      outcome("[aten.arange.start_step(0, 1, 0.5), aten.arange.start_out(0, 1, 0.5, { out: zeros([2]) })]"),
    ).toBe("[[0,0.5],[0,0.5]]");
  });
});

describe("an integer division of the lowest number by -1", { timeout: 120_000 }, () => {
  it.each([
    'aten.div.Tensor_mode(long(LOWEST), long(-1), { rounding_mode: "trunc" })',
    'aten.div.Tensor_mode(int(-(2 ** 31)), int(-1), { rounding_mode: "trunc" })',
    'aten.div_.Scalar_mode(long(1, LOWEST), -1, { rounding_mode: "trunc" })',
    'aten.divide.Scalar_mode(long(LOWEST), -1, { rounding_mode: "trunc" })',
    'aten.div.out_mode(long(LOWEST), long(1, -1), { rounding_mode: "trunc", out: zeros([2]) })',
  ])("%s is refused", (call) => {
    expect(outcome(call)).toBe("TORCH_ARGUMENT_VALUE");
  });

  it("leaves the others", () => {
    expect(
      outcome(`[aten.div.Tensor(long(LOWEST), long(-1)), aten.floor_divide(int(-(2 ** 31), 7), int(2, -1)),
        aten.remainder.Scalar(long(LOWEST), -1)]`),
    ).toBe(`[[${2 ** 63}],[${-(2 ** 30)},-7],[0]]`);
  });
});

describe("a matrix to the power of the lowest number", { timeout: 120_000 }, () => {
  it.each(["matrix_power", "linalg_matrix_power"])("%s is refused", (name) => {
    expect(outcome(`aten.${name}(ones([1, 1]), LOWEST)`)).toBe("TORCH_ARGUMENT_VALUE");
  });
});

describe("attention", { timeout: 120_000 }, () => {
  it("is refused where there are more values than keys", () => {
    const attention = (keys: number, values: number) =>
      `aten.scaled_dot_product_attention(ones([1, 1, 2, 4]), ones([1, 1, ${keys}, 4]), ones([1, 1, ${values}, 4])).sum()`;
    expect(outcome(attention(2, 10_000_000))).toBe("TORCH_ARGUMENT_VALUE");
    expect(outcome(attention(3, 3))).toBe("[[8]]");
  });
});

describe("a triangle", { timeout: 120_000 }, () => {
  it.each(["tril", "triu"])("%s is refused where `out` is not contiguous", (name) => {
    const into = (out: string) =>
      outcome(`aten.${name}.out(ones([2, 1000, 9, 9]), 0, { out: ${out} }).sum()`);
    expect(into("zeros([1000, 2, 9, 9]).transpose(0, 1)")).toBe("TORCH_ARGUMENT_VALUE");
    expect(into("zeros([2, 1000, 9, 9])")).toBe("[[90000]]");
  });
});

describe("a softmax", { timeout: 120_000 }, () => {
  it.each(["_softmax", "_log_softmax"])("%s is refused where `out` is not contiguous", (name) => {
    const call = `aten.${name}.out(ones([2, 2, 4, 4]), 2, false, { out: ones([2, 2, 4, 4]).transpose(0, 1) })`;
    expect(outcome(call)).toBe("TORCH_ARGUMENT_VALUE");
  });
});

describe("the median along an expanded dimension", { timeout: 120_000 }, () => {
  it.each(["median", "nanmedian"])("%s is refused", (name) => {
    expect(outcome(`aten.${name}.dim(ones([1]).expand([10_000_000]), 0)`)).toBe("TORCH_ARGUMENT_VALUE");
    expect(outcome(`aten.${name}.dim(ones([1, 2]).expand([3, 2]), 1)`)).toBe("[[1,1,1],[0,0,0]]");
  });
});

describe("lists of different lengths", { timeout: 120_000 }, () => {
  it.each([
    "aten._foreach_mul_.ScalarList([leaf(ones([2])).mul(1), ones([2])], [])",
    "aten._foreach_addcmul_.ScalarList([leaf(ones([2])).mul(1), ones([2])], [ones([2]), ones([2])], [ones([2]), ones([2])], [])",
  ])("%s is refused", (call) => {
    expect(outcome(call)).toBe("TORCH_ARGUMENT_VALUE");
  });

  it("are refused where an LSTM's two states have different numbers of layers", () => {
    const lstm = (layers: number) =>
      `aten.lstm.input(ones([1, 1, 2]), [zeros([1, 1, 2]), zeros([${layers}, 1, 2])], [ones([8, 2]), ones([8, 2])], false, 1, 0, false, false, false)`;
    expect(outcome(lstm(0))).toBe("TORCH_ARGUMENT_VALUE");
    expect(outcome(lstm(1))).toMatch(/^\[\[0\.\d+,0\.\d+\]/);
  });

  it("leave those of one length", () => {
    expect(outcome("aten._foreach_mul.ScalarList([ones([1]), ones([1])], [2, 3])")).toBe("[[2],[3]]");
  });
});

describe("operators that cannot be checked", { timeout: 120_000 }, () => {
  it.each([
    "aten.native_batch_norm(ones([2, 300]), null, null, zeros([1]), ones([1]), true, 0.1, 1e-5)",
    "aten._native_batch_norm_legit_functional(ones([2, 300]), null, null, zeros([1]), ones([1]), true, 0.1, 1e-5)",
    "aten._native_batch_norm_legit_no_training(ones([2, 300]), null, null, zeros([1]), ones([1]), 0.1, 1e-5)",
    "aten._batch_norm_with_update(ones([2, 300]), null, null, zeros([1]), ones([1]), 0.1, 1e-5)",
    "aten._batch_norm_with_update_functional(ones([2, 300]), null, null, zeros([1]), ones([1]), 0.1, 1e-5)",
    "aten.batch_norm_update_stats(ones([2, 300]), zeros([1]), ones([1]), 0.1)",
    "aten.rrelu_with_noise.out(ones([3000]), ones([3000]), 0.1, 0.3, true, null, { out: zeros([1]) })",
    'aten.segment_reduce(ones([3]), "sum", { offsets: long(0, 1000000) })',
    'aten.ctc_loss.IntList(ones([5, 1, 3]), tensor([1e8, 1e8], { shape: [1, 2], dtype: "int64" }), [5], [2])',
    "aten.linalg_ldl_solve(ones([3, 3]), int(1e8, 1e8, 1e8), ones([3, 3]))",
    "aten.slow_conv3d(ones([1, 2, 8, 8, 8]), ones([2, 2, 1, 1, 1]), [60, 60, 60], null, [1, 1, 1], [26, 26, 26])",
    "aten.slow_conv_transpose2d(ones([1, 2, 8, 8]), ones([2, 2, 1, 1]), [600, 600])",
    "aten._upsample_bilinear2d_aa(ones([1, 1, 4, 4]), [8, 8], false, 1e-3, 1e-3)",
    "aten._scaled_dot_product_flash_attention_for_cpu(ones([2, 2, 0, 8]), ones([2, 2, 0, 8]), ones([2, 2, 0, 8]))",
    "aten._sobol_engine_draw(long(1), 5, tensor([1, 2, 3], { shape: [1, 3], dtype: 'int64' }), 10_000_000, 0)",
    "aten._pad_packed_sequence(ones([4]), long(0, -1000000), false, 0, 4)",
  ])("%s is left out", (call) => {
    expect(outcome(call)).toBe("TORCH_UNSUPPORTED");
  });

  it("have a sibling that checks", () => {
    expect(
      outcome("aten.batch_norm(ones([2, 3]), null, null, zeros([1]), ones([1]), true, 0.1, 1e-5, false)"),
    ).toBe("TORCH_OPERATOR");
  });
});
