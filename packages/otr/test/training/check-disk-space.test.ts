import { expect, it } from "vitest";
import { checkDiskSpace } from "../../src/training/check-disk-space.js";

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

it("reads the real disk", () => {
  expect(() => checkDiskSpace(".", 1)).not.toThrow();
  expect(() => checkDiskSpace(".", 1e18)).toThrow("output_dir");
});
