/** @file What of CUDA this machine has, found without loading libtorch. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { locateLibtorch } from "@one-token/torch/setup";

/** The models of the NVIDIA GPUs whose driver is loaded. */
export function nvidiaDevices(): string[] {
  const folder = "/proc/driver/nvidia/gpus";
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((gpu) => {
    const text = readFileSync(join(folder, gpu, "information"), "utf8");
    return /^Model:\s*(.+)$/m.exec(text)?.[1] ?? "NVIDIA GPU";
  });
}

/** Whether a libtorch with CUDA is there. */
export function hasCudaLibraries(): boolean {
  try {
    locateLibtorch({ device: "cuda" });
    return true;
  } catch {
    return false;
  }
}
