import { expect, it } from "vitest";
import { checkDiskSpace, requireDiskSpace } from "../../src/training/check-disk-space.js";

it("asks the disk of the nearest folder that exists", () => {
  const asked: string[] = [];
  checkDiskSpace("/nowhere/at/all", 1000, (path) => {
    asked.push(path);
    return 1000;
  });
  expect(asked).toEqual(["/"]);
});

it("says what is needed and what is free", () => {
  expect(() => checkDiskSpace("out", 5e9, () => 1.5e9)).toThrow(
    /^output_dir: .* take 5.00 GB, but only 1.50 GB are free/,
  );
});

it.each([
  [14_000_000, 12_300_000, "14.00 MB, but only 12.30 MB"],
  [2.5e9, 8e6, "2.50 GB, but only 0.01 GB"],
  [5_001_000, 5_000_000, "5,001,000 bytes, but only 5,000,000 bytes"],
  [900, 0, "900 bytes, but only 0 bytes"],
])("says %d and %d bytes so that they differ", (needed, left, text) => {
  expect(() => requireDiskSpace("out", needed, "it", () => left)).toThrow(`it takes ${text} are free`);
});

it("reads the real disk", () => {
  expect(() => checkDiskSpace(".", 1)).not.toThrow();
  expect(() => checkDiskSpace(".", 1e18)).toThrow("output_dir");
});
