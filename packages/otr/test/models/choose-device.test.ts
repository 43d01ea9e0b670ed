import { expect, it } from "vitest";
import { chooseDevice } from "../../src/models/choose-device.js";

it.each([
  ["cpu", 0, "cpu"],
  ["cpu", 2, "cpu"],
  ["auto", 0, "cpu"],
  ["auto", 2, "cuda:0"],
  ["cuda", 1, "cuda:0"],
  ["cuda:1", 2, "cuda:1"],
])("%s with %i GPUs is %s", (device, count, chosen) => {
  expect(chooseDevice(device, () => count)).toBe(chosen);
});

it.each([
  ["cuda", 0, /^--device: .*no CUDA device/],
  ["cuda:1", 1, /only 1 CUDA device can/],
])("%s with %i GPUs is an error", (device, count, message) => {
  expect(() => chooseDevice(device, () => count)).toThrow(message);
});
