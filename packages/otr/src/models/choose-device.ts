/** @file The device that `--device` stands for. */
import { cudaDeviceCount } from "@one-token/torch";
import { ConfigError } from "../errors.js";

/**
 * `auto` becomes `cuda:0` where there is a GPU, else `cpu`.
 *
 * @throws {ConfigError} for a GPU that is not there.
 */
export function chooseDevice(device: string, count: () => number = cudaDeviceCount): string {
  if (device === "cpu") return device;
  const devices = count();
  if (device === "auto") return devices > 0 ? "cuda:0" : "cpu";
  const index = Number(device.split(":")[1] ?? 0);
  if (index < devices) return `cuda:${index}`;
  const found =
    devices === 0 ? "no CUDA device" : `only ${devices} CUDA ${devices === 1 ? "device" : "devices"}`;
  const message =
    `found "${device}", but ${found} can be used. Set it to cpu or auto; ` +
    "otr doctor shows what was found, and otr setup --device cuda fetches CUDA's libraries.";
  throw new ConfigError([{ where: "--device", message }]);
}
