import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  dropPartialFile,
  finishPartialFile,
  releasePartialFile,
  takePartialFile,
} from "../../src/hub/partial-file.js";

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-partial-"));
  target = join(folder, "ab12");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The name that a process would give its partial file, like one of this machine but for the process. */
function nameOf(pid: number): string {
  const own = takePartialFile(target)!;
  dropPartialFile(own);
  return basename(own).replace(/-\d+-(?=[0-9a-f]{8}\.)/, `-${pid}-`);
}

it("is held by one at a time", () => {
  const first = takePartialFile(target)!;
  expect(takePartialFile(target)).toBeNull();
  writeFileSync(first, "abc");
  releasePartialFile(first, target);
  expect(readdirSync(folder)).toEqual(["ab12.incomplete"]);
  const second = takePartialFile(target)!;
  expect(readFileSync(second, "utf8")).toBe("abc");
  finishPartialFile(second, target);
  expect(readdirSync(folder)).toEqual(["ab12"]);
});

it("is held by one of two that come in the same millisecond", () => {
  const now = vi.spyOn(Date, "now").mockReturnValue(1e12);
  try {
    // Names differ by chance then.
    for (let attempt = 0; attempt < 50; attempt++) {
      const first = takePartialFile(target)!;
      expect(takePartialFile(target)).toBeNull();
      dropPartialFile(first);
    }
  } finally {
    now.mockRestore();
  }
});

it("is taken over from a process that has ended", () => {
  // The largest number of a process on Linux is 4,194,304.
  writeFileSync(join(folder, nameOf(4_194_305)), "left");
  expect(readFileSync(takePartialFile(target)!, "utf8")).toBe("left");
  expect(readdirSync(folder)).toHaveLength(1);
});

it("is left to a process that lives, unless it has not written for long", () => {
  const name = nameOf(process.ppid);
  writeFileSync(join(folder, name), "theirs");
  expect(takePartialFile(target)).toBeNull();
  expect(readdirSync(folder)).toEqual([name]);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(join(folder, name), longAgo, longAgo);
  expect(readFileSync(takePartialFile(target)!, "utf8")).toBe("theirs");
});

it("that a process may still have open is taken as a copy", () => {
  const path = join(folder, nameOf(process.ppid));
  writeFileSync(path, "theirs");
  const sleeper = openSync(path, "r+");
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path, longAgo, longAgo);
  const own = takePartialFile(target)!;
  ftruncateSync(sleeper, 0);
  writeSync(sleeper, "late");
  closeSync(sleeper);
  expect(readFileSync(own, "utf8")).toBe("theirs");
  expect(readdirSync(folder)).toEqual([basename(own)]);
});

it("that another process has taken is not finished by its former owner", () => {
  const own = takePartialFile(target)!;
  renameSync(own, join(folder, "taken"));
  expect(finishPartialFile(own, target)).toBe(false);
  expect(readdirSync(folder)).toEqual(["taken"]);
});

it("of another program stays as it is", () => {
  writeFileSync(join(folder, "ab12.0f3c9a17.incomplete"), "python's");
  const own = takePartialFile(target)!;
  expect(readFileSync(own, "utf8")).toBe("");
  expect(readdirSync(folder)).toContain("ab12.0f3c9a17.incomplete");
});

it("of another file is none of this one's", () => {
  writeFileSync(join(folder, "ab12cd.incomplete"), "other");
  expect(readFileSync(takePartialFile(target)!, "utf8")).toBe("");
});
