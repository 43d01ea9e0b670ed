/** @file The device that `--device` stands for. */
import { cudaDeviceCount, loadTorch } from "@one-token/torch";
import { counted } from "../config/format-value.js";
import { ConfigError } from "../errors.js";
import { hasCudaLibraries, nvidiaDevices } from "./cuda-presence.js";

/** What is asked of the machine. */
export interface CudaMachine {
  /** Whether there are a GPU and the libraries to use it. */
  isReady(): boolean;
  /** Whether there is neither a GPU nor a library for one. */
  isWithout(): boolean;
  /** Loads libtorch with CUDA. */
  load(): void;
  /** The GPUs that the loaded libtorch can use. */
  count(): number;
}

const thisMachine: CudaMachine = {
  isReady: () => nvidiaDevices().length > 0 && hasCudaLibraries(),
  isWithout: () => nvidiaDevices().length === 0 && !hasCudaLibraries(),
  load: () => loadTorch("cuda"),
  count: cudaDeviceCount,
};

/**
 * `auto` becomes `cuda:0` where a GPU can be used, else `cpu`. It comes before the first tensor and every other native
 * call, because libtorch is loaded with CUDA or without it for good.
 *
 * @throws {ConfigError} for a GPU that is not there
 * @throws SetupError where CUDA's libraries are missing, with the command that fetches them
 */
export function chooseDevice(device: string, machine: CudaMachine = thisMachine): string {
  if (device === "cpu" || (device === "auto" && !machine.isReady())) return "cpu";
  // The libraries are worth their download only where there is a GPU.
  if (device !== "auto" && machine.isWithout()) throw deviceError(device, "no NVIDIA GPU was found here");
  machine.load();
  const devices = machine.count();
  if (device === "auto") return devices > 0 ? "cuda:0" : "cpu";
  const index = Number(device.split(":")[1] ?? 0);
  if (index < devices) return `cuda:${index}`;
  throw deviceError(
    device,
    `${devices === 0 ? "no CUDA device" : `only ${counted(devices, "CUDA device")}`} can be used`,
  );
}

function deviceError(device: string, found: string): ConfigError {
  const message =
    `found "${device}", but ${found}. Set it to cpu or auto; ` +
    "otr doctor shows what was found, and otr setup --device cuda fetches CUDA's libraries.";
  return new ConfigError([{ where: "--device", message }]);
}
