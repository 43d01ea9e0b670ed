import { instructionSets } from "@one-token/torch/setup";
import { describe, expect, it } from "vitest";
import { choosePrecision } from "../../src/training/precision.js";

describe("choosePrecision", () => {
  it("does as it is told", () => {
    expect(choosePrecision(true, "cpu").computeDtype).toBe("bfloat16");
    expect(choosePrecision(false, "cuda:0").computeDtype).toBe("float32");
  });

  it("auto takes bfloat16 where it is native, and says why", () => {
    for (const [has, dtype] of [
      [true, "bfloat16"],
      [false, "float32"],
    ] as const) {
      expect(choosePrecision("auto", "cuda:0", () => has).computeDtype).toBe(dtype);
    }
    const native = ["avx512_bf16", "amx_bf16"].some((name) => instructionSets().includes(name));
    const { computeDtype, reason } = choosePrecision("auto", "cpu");
    expect(computeDtype).toBe(native ? "bfloat16" : "float32");
    expect(reason).toMatch(native ? /this processor has a/ : /no bfloat16 instructions/);
  });
});
