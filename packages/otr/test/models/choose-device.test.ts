import { expect, it } from "vitest";
import { chooseDevice } from "../../src/models/choose-device.js";

/** A machine with `count` GPUs, which can be counted only once libtorch is loaded with CUDA. */
function machine(count: number, isReady = count > 0, isWithout = false) {
  let loaded = false;
  return {
    isReady: () => isReady,
    isWithout: () => isWithout,
    load: () => {
      loaded = true;
    },
    count: () => {
      if (!loaded) throw new Error("counted before CUDA was loaded");
      return count;
    },
    isLoaded: () => loaded,
  };
}

it.each([
  ["cpu", 0, "cpu"],
  ["cpu", 2, "cpu"],
  ["auto", 0, "cpu"],
  ["auto", 2, "cuda:0"],
  ["cuda", 1, "cuda:0"],
  ["cuda:1", 2, "cuda:1"],
])("%s with %i GPUs is %s", (device, count, chosen) => {
  expect(chooseDevice(device, machine(count))).toBe(chosen);
});

it("loads CUDA only where it is asked for, or there", () => {
  for (const [device, count, isLoaded] of [
    ["cpu", 2, false],
    ["auto", 0, false],
    ["auto", 1, true],
  ] as const) {
    const found = machine(count);
    chooseDevice(device, found);
    expect(found.isLoaded()).toBe(isLoaded);
  }
});

it("auto computes on the CPU where the GPU cannot be used after all", () => {
  expect(chooseDevice("auto", machine(0, true))).toBe("cpu");
});

it("loads nothing where there is no GPU and no library for one", () => {
  const found = machine(0, false, true);
  expect(() => chooseDevice("cuda", found)).toThrow(
    /^--device: found "cuda", but no NVIDIA GPU was found here\. Set it to cpu/,
  );
  expect(found.isLoaded()).toBe(false);
});

it.each([
  ["cuda", 0, /^--device: .*no CUDA device/],
  ["cuda:1", 1, /only 1 CUDA device can/],
])("%s with %i GPUs is an error", (device, count, message) => {
  expect(() => chooseDevice(device, machine(count))).toThrow(message);
});
