import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkModel, revisionOfLocalModel } from "../../src/config/check-model.js";
import { hubModelName, isRepositoryId, isRevision } from "../../src/config/hub-name.js";

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-names-"));
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

it.each([
  ["gpt2", true],
  ["HuggingFaceTB/SmolLM2-135M", true],
  ["a/b_c.d-e", true],
  ["a/b/c", false],
  ["a/.b", false],
  ["-a/b", false],
  ["a/b-", false],
  ["a/b--c", false],
  ["a/b..c", false],
  ["a/b.git", false],
  ["a/é", false],
  ["a/b c", false],
  [`a/${"b".repeat(95)}`, false],
  ["", false],
])("isRepositoryId(%j) is %s, as huggingface_hub has it", (id, expected) => {
  expect(isRepositoryId(id)).toBe(expected);
});

it.each([
  ["main", true],
  ["v1.0", true],
  ["refs/pr/1", true],
  ["a".repeat(40), true],
  ["../x", false],
  ["a/../b", false],
  ["/a", false],
  ["a b", false],
  ["-x", false],
  ["", false],
])("isRevision(%j) is %s", (revision, expected) => {
  expect(isRevision(revision)).toBe(expected);
});

describe("hubModelName", () => {
  it.each(["gpt2", "hf://gpt2"])(
    "leaves %s alone, and the check says how ids are written and what works",
    (name) => {
      expect(hubModelName(name)).toBeNull();
      expect(checkModel(name)).toMatch(/org\/gpt2\. Models of these types work .*: llama, .*, granite\.$/);
    },
  );

  it.each([
    ["org/name", { id: "org/name", file: null }],
    ["hf://org/name", { id: "org/name", file: null }],
    ["org/name/m.Q4_K_M.gguf", { id: "org/name", file: "m.Q4_K_M.gguf" }],
    ["org/name/sub/m.GGUF", { id: "org/name", file: "sub/m.GGUF" }],
  ])("takes %s for the Hub's", (name, expected) => {
    expect(hubModelName(name)).toEqual(expected);
  });

  it.each([
    "gpt2",
    "./org/name",
    "../org/name",
    "/org/name",
    "~/org/name",
    "org/name/",
    "org/name/sub",
    "org/name/../m.gguf",
    "org/name//m.gguf",
    "org/name:Q4_K_M",
  ])("takes %s for a local path", (name) => {
    expect(hubModelName(name)).toBeNull();
  });

  it("takes a path for local where its first folder exists, unless hf:// stands before it", () => {
    process.chdir(folder);
    mkdirSync("models/here", { recursive: true });
    expect(hubModelName("models/here")).toBeNull();
    expect(hubModelName("models/hree")).toBeNull();
    expect(hubModelName("hf://models/hree")).toEqual({ id: "models/hree", file: null });
  });
});

describe("checkModel", () => {
  it("accepts an id of the Hub without looking for it", () => {
    expect(checkModel("org/name")).toBeNull();
  });

  it("speaks of a mistyped path, and of the Hub where that may be meant", () => {
    process.chdir(folder);
    mkdirSync("models/here", { recursive: true });
    expect(checkModel("models/hree")).toMatch(/Did you mean models\/here\?.*write hf:\/\/models\/hree/);
    expect(checkModel("./models/hree")).not.toMatch(/hf:/);
    expect(checkModel("org/name:Q4_K_M")).toMatch(/written org\/name\/FILE\.gguf/);
  });
});

it("a revision of a local model has no effect", () => {
  const mistake = { key: "modelRevision", withoutEffectBecauseOf: "model" };
  expect(revisionOfLocalModel("model", folder, "v1")).toMatchObject([mistake]);
  expect(revisionOfLocalModel("model", folder, "main")).toEqual([]);
  expect(revisionOfLocalModel("model", "org/name", "v1")).toEqual([]);
});
