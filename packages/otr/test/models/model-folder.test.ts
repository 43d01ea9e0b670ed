import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { modelFolder } from "../../src/models/model-folder.js";
import { unpackGguf } from "../../src/models/unpack-gguf.js";
import { reference } from "../gguf/references.js";

let folder = "";
let cache = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-gguf-"));
  cache = join(folder, "cache", "one-token-rollout", "gguf");
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe("modelFolder", () => {
  it("is a folder itself", async () => {
    expect(await modelFolder(folder)).toBe(folder);
    expect(existsSync(cache)).toBe(false);
  });

  it("is one in the cache for a GGUF file, with all but the weights, and the same for the same file", async () => {
    const path = join(folder, "my model.Q4_K_M.gguf");
    copyFileSync(reference("qwen2.gguf"), path);
    const unpacked = await modelFolder(path);
    expect(unpacked).toMatch(/one-token-rollout\/gguf\/my_model\.Q4_K_M-[0-9a-f]{32}$/);
    expect(readdirSync(unpacked).sort()).toEqual([
      "chat_template.jinja",
      "config.json",
      "generation_config.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    const generation = JSON.parse(readFileSync(join(unpacked, "generation_config.json"), "utf8"));
    const { eos_token_id: end } = JSON.parse(readFileSync(join(unpacked, "config.json"), "utf8"));
    expect(generation.eos_token_id).toEqual([end]);
    expect(await modelFolder(path)).toBe(unpacked);

    const blob = join(folder, "sha256-0a1b");
    copyFileSync(path, blob);
    expect(await modelFolder(blob)).toMatch(/sha256-0a1b-/);

    copyFileSync(reference("llama.gguf"), path);
    utimesSync(path, 1, 1);
    expect(await modelFolder(path)).not.toBe(unpacked);
    expect(readdirSync(cache)).toHaveLength(3);
  });

  it("says what is wrong with a file", async () => {
    const absent = join(folder, "absent.gguf");
    await expect(modelFolder(absent)).rejects.toMatchObject({ code: "GGUF_NOT_FOUND" });
    const path = join(folder, "bad.gguf");
    writeFileSync(path, "no model");
    await expect(modelFolder(path)).rejects.toMatchObject({ code: "GGUF_INVALID" });
  });

  it("tries again what could not be done", async () => {
    const path = join(folder, "model.gguf");
    copyFileSync(reference("qwen2.gguf"), path);
    writeFileSync(join(folder, "cache"), "in the way");
    await expect(modelFolder(path)).rejects.toMatchObject({ code: "GGUF_CACHE_FAILED" });
    rmSync(join(folder, "cache"));
    expect(await modelFolder(path)).toMatch(/model-/);
  });
});

describe("unpackGguf", () => {
  it("mends what someone changed", async () => {
    const unpacked = await unpackGguf(reference("qwen3.gguf"), cache);
    const config = join(unpacked, "config.json");
    const sound = readFileSync(config, "utf8");
    writeFileSync(config, sound.slice(10));
    rmSync(join(unpacked, "tokenizer.json"));
    expect(await unpackGguf(reference("qwen3.gguf"), cache)).toBe(unpacked);
    expect(readFileSync(config, "utf8")).toBe(sound);
    expect(existsSync(join(unpacked, "tokenizer.json"))).toBe(true);
  });

  it("says what to do where the cache cannot be written", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(unpackGguf(reference("qwen3.gguf"), join(folder, "file"))).rejects.toThrow(
      /cannot be kept in .*set XDG_CACHE_HOME to a folder that can be written/,
    );
  });
});
