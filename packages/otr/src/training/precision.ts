import type { DType } from "@one-token/torch";
import { instructionSets } from "@one-token/torch/setup";

/** What matrix multiplications run in, and why. */
export interface Precision {
  readonly computeDtype: DType;
  readonly reason: string;
}

/** Processors with one of these multiply bfloat16 matrices faster than float32 ones. */
const BF16_INSTRUCTIONS = ["avx512_bf16", "amx_bf16"];

/** The compute dtype for the option `bf16`; parameters and optimizer are float32 in every case. */
export function choosePrecision(bf16: "auto" | boolean, device: string): Precision {
  if (bf16 !== "auto") return { computeDtype: bf16 ? "bfloat16" : "float32", reason: `bf16 is ${bf16}` };
  if (device !== "cpu") return { computeDtype: "bfloat16", reason: "GPUs compute in bfloat16 natively" };
  const found = BF16_INSTRUCTIONS.filter((name) => instructionSets().includes(name));
  return found.length > 0
    ? { computeDtype: "bfloat16", reason: `this processor has ${found.join(" and ")}` }
    : { computeDtype: "float32", reason: "this processor has no bfloat16 instructions" };
}
