import { describe, expect, it } from "vitest";
import { instructionSets, vectorCapability } from "../../setup/processor.js";

const cpuinfo = `processor\t: 0
model name\t: Example
flags\t\t: fpu vme sse4_2 fma f16c avx2 avx512f avx512dq avx512bw avx512vl avx512_bf16 amx_tile constant_tsc ibrs
bugs\t\t: spectre_v1
`;

describe("instructionSets", () => {
  it("keeps the flags that name instructions and leaves out the others", () => {
    const sets = instructionSets(cpuinfo);
    expect(sets).toContain("avx512_bf16");
    expect(sets).toContain("amx_tile");
    expect(sets).not.toContain("constant_tsc");
    expect(sets).not.toContain("ibrs");
  });

  it("is empty where the kernel names no flags", () => {
    expect(instructionSets("processor\t: 0\n")).toEqual([]);
  });
});

describe("vectorCapability", () => {
  it("needs every extension that the wide code uses", () => {
    const sets = instructionSets(cpuinfo);
    expect(vectorCapability(sets)).toBe("AVX512");
    expect(vectorCapability(sets.filter((set) => set !== "avx512vl"))).toBe("AVX2");
    expect(vectorCapability(sets.filter((set) => set !== "fma"))).toBe("DEFAULT");
  });
});
