import { cudaHasBfloat16 } from "@one-token/torch";
import { instructionSets } from "@one-token/torch/setup";

/** What matrix multiplications run in, and why. */
export interface Precision {
  readonly computeDtype: "float32" | "bfloat16";
  readonly reason: string;
}

/** Processors with one of these multiply bfloat16 matrices faster than float32 ones. */
const BF16_INSTRUCTIONS = ["avx512_bf16", "amx_bf16"];

/**
 * The compute dtype for the option `bf16`; parameters and optimizer are float32 in every case.
 *
 * @param gpuHasBfloat16 asked of a device other than the CPU
 */
export function choosePrecision(
  bf16: "auto" | boolean,
  device: string,
  gpuHasBfloat16: (device: string) => boolean = cudaHasBfloat16,
): Precision {
  if (bf16 !== "auto") return { computeDtype: bf16 ? "bfloat16" : "float32", reason: `bf16 is ${bf16}` };
  if (device !== "cpu") {
    return gpuHasBfloat16(device)
      ? { computeDtype: "bfloat16", reason: "this GPU computes in bfloat16 natively" }
      : { computeDtype: "float32", reason: "this GPU has no bfloat16 instructions" };
  }
  const found = BF16_INSTRUCTIONS.filter((name) => instructionSets().includes(name));
  return found.length > 0
    ? { computeDtype: "bfloat16", reason: `this processor has ${found.join(" and ")}` }
    : { computeDtype: "float32", reason: "this processor has no bfloat16 instructions" };
}
