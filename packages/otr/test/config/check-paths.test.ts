import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkModelFolder, checkOutputFolder, checkTextFile } from "../../src/config/check-paths.js";
import { hasShared, shared } from "../shared.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-paths-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text = "{}"): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe("checkModelFolder", () => {
  it("accepts whole and sharded weights", () => {
    write("config.json");
    write("tokenizer.json");
    write("model.safetensors");
    expect(checkModelFolder(folder)).toBeNull();
    rmSync(join(folder, "model.safetensors"));
    write("model.safetensors.index.json");
    expect(checkModelFolder(folder)).toBeNull();
  });

  it("lists what is missing", () => {
    write("config.json");
    expect(checkModelFolder(folder)).toMatch(/has no tokenizer\.json or model\.safetensors/);
  });

  it.each([
    ["pytorch_model.bin", /pickled/],
    ["model.gguf", /It holds model\.gguf; give that file itself/],
    ["adapter_config.json", /LoRA/],
  ])("says what to do with %s", (name, advice) => {
    write("config.json");
    write("tokenizer.json");
    write(name);
    expect(checkModelFolder(folder)).toMatch(advice);
  });

  it("accepts a GGUF file with content", () => {
    expect(checkModelFolder(write("model.Q8_0.GGUF", "GGUF"))).toBeNull();
    expect(checkModelFolder(write("sha256-0a1b", "GGUF"))).toBeNull();
    expect(checkModelFolder(write("empty.gguf", ""))).toMatch(/is empty/);
    expect(checkModelFolder(join(folder, "absent.gguf"))).toMatch(/absent\.gguf does not exist/);
  });

  it("explains a mistyped folder and a file", () => {
    mkdirSync(join(folder, "stories260k"));
    expect(checkModelFolder(join(folder, "stories26k"))).toMatch(/Did you mean .*stories260k\?/);
    expect(checkModelFolder(write("config.json"))).toMatch(/is a file/);
  });
});

describe("checkTextFile", () => {
  it("refuses folders and devices", () => {
    expect(checkTextFile(folder)).toMatch(/is a folder/);
    expect(checkTextFile("/dev/zero")).toMatch(/is a device/);
  });

  it("accepts a pipe without opening it, which would wait for its writer", () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(checkTextFile(pipe)).toBeNull();
  });
});

describe("checkOutputFolder", () => {
  it("refuses a folder where a file would be written", () => {
    mkdirSync(join(folder, "tokenizer.json"));
    expect(checkOutputFolder(folder)).toMatch(/tokenizer\.json is a folder, where a file of that name/);
  });

  it("accepts folders that exist or can be made", () => {
    expect(checkOutputFolder(folder)).toBeNull();
    expect(checkOutputFolder(join(folder, "a", "b", "c"))).toBeNull();
  });

  it("refuses a file in the way", () => {
    const file = write("file");
    expect(checkOutputFolder(file)).toMatch(/is a file/);
    expect(checkOutputFolder(join(file, "below"))).toMatch(/is a file/);
  });

  it("refuses a name that no folder can have", () => {
    expect(checkOutputFolder("a\0b")).toMatch(/null character/);
    expect(checkOutputFolder(join(folder, "below", "é".repeat(128)))).toMatch(/name is too long/);
    expect(checkOutputFolder("a/".repeat(2001))).toMatch(/name is too long/);
    expect(checkOutputFolder(join(folder, "a".repeat(255)))).toBeNull();
  });

  it("refuses a folder in which nothing can be made, and leaves nothing in others", () => {
    expect(checkOutputFolder("/proc/none/below")).toMatch(/^\/proc cannot be written/);
    expect(checkOutputFolder(join(folder, "out"))).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(["config.json", "adapter_model.safetensors"])(
    "protects the model of a %s without a run.json",
    (name) => {
      write("notes.txt");
      expect(checkOutputFolder(folder)).toBeNull();
      write(name);
      expect(checkOutputFolder(folder)).toMatch(`(${name}) of which no run.json tells`);
      expect(checkOutputFolder(join(folder, "below"))).toBeNull();
      write("run.json");
      expect(checkOutputFolder(folder)).toBeNull();
    },
  );
});

describe.skipIf(!hasShared)("real folders", () => {
  it("accepts a real model", () => {
    expect(checkModelFolder(shared("models/stories260k"))).toBeNull();
  });
});
