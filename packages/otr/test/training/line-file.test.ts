import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { LineFile } from "../../src/training/line-file.js";

/** Bytes that the disk takes before it is full; null: all. */
let room: number | null = null;
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (descriptor: number, all: Buffer, start = 0, count = all.length - start) => {
    const bytes = all.subarray(start, start + count);
    if (room === null) return fs.writeSync(descriptor, bytes);
    if (room === 0) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const written = fs.writeSync(descriptor, bytes.subarray(0, room));
    room -= written;
    return written;
  };
  return { ...fs, writeSync };
});

const folder = mkdtempSync(join(tmpdir(), "line-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "lines.jsonl");
const failures: string[] = [];
const make = () => new LineFile(path, (error) => failures.push(error.message));
const open = (goesOn = false) => {
  const file = make();
  file.open(goesOn);
  return file;
};
const content = () => readFileSync(path, "utf8");

beforeEach(() => {
  room = null;
  failures.length = 0;
});

describe("LineFile", () => {
  it("begins anew or behind the lines that are there", () => {
    for (const goesOn of [true, false, true]) {
      const file = open(goesOn);
      file.append({ goesOn });
      file.close();
    }
    expect(content()).toBe('{"goesOn":false}\n{"goesOn":true}\n');
  });

  it("keeps what a full disk does not take, in the middle of a line too, and tells of it once", () => {
    const file = open();
    file.append({ step: 1 });
    room = 5;
    file.append({ step: 2 });
    file.append({ step: 3 });
    expect(content()).toBe('{"step":1}\n{"ste');
    expect(failures).toEqual(["ENOSPC: no space left on device"]);
    room = null;
    file.append({ step: 4 });
    room = 0;
    file.append({ step: 5 });
    room = null;
    file.close();
    expect(content()).toBe([1, 2, 3, 4, 5].map((step) => `{"step":${step}}\n`).join(""));
    expect(failures).toHaveLength(2);
  });

  it("bears a first line that it cannot be opened for, and says when all lines are there", () => {
    rmSync(path, { force: true });
    mkdirSync(path);
    const file = make();
    file.append({ step: 1 });
    expect(file.isComplete).toBe(false);
    expect(failures).toHaveLength(1);
    rmdirSync(path);
    expect(file.isComplete).toBe(true);
    expect(content()).toBe('{"step":1}\n');
    room = 0;
    file.append({ step: 2 });
    expect(file.isComplete).toBe(false);
    room = null;
    expect(file.isComplete).toBe(true);
    file.close();
  });

  it("keeps no more than 16 MiB", () => {
    const file = open();
    room = 0;
    const line = { text: "x".repeat(2 ** 22) };
    for (let i = 0; i < 3; i++) file.append(line);
    expect(() => file.append(line)).toThrow(/cannot be written, and no more lines can be kept/);
    expect(failures).toHaveLength(1);
    file.close();
  });

  it("is made again with all lines where it was removed or moved, once", () => {
    for (const remove of [() => rmSync(path), () => renameSync(path, join(folder, "moved"))]) {
      const file = open();
      file.append({ step: 1 });
      expect(file.restore()).toBe(false);
      remove();
      file.append({ step: 2 });
      expect(file.restore()).toBe(true);
      expect(file.restore()).toBe(false);
      file.append({ step: 3 });
      file.close();
      expect(content()).toBe([1, 2, 3].map((step) => `{"step":${step}}\n`).join(""));
    }
  });

  it("goes on behind another file that has its name", () => {
    const file = open();
    file.append({ step: 1 });
    rmSync(path);
    writeFileSync(path, '{"step":0}\n');
    expect(file.restore()).toBe(true);
    file.append({ step: 2 });
    file.close();
    expect(content()).toBe('{"step":0}\n{"step":2}\n');
  });

  it("is not made again in part", () => {
    const file = open();
    for (const step of [1, 2]) file.append({ step });
    rmSync(path);
    room = 15;
    expect(() => file.restore()).toThrow("ENOSPC");
    expect(existsSync(path)).toBe(false);
    room = null;
    expect(file.restore()).toBe(true);
    file.close();
    expect(content()).toBe('{"step":1}\n{"step":2}\n');
  });

  it("says when it cannot be opened", () => {
    symlinkSync(join(folder, "nowhere", "file"), join(folder, "link"));
    expect(() => new LineFile(join(folder, "link"), () => {}).open(false)).toThrow("ENOENT");
  });
});
