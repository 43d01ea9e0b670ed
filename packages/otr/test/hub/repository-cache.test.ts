import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RepositoryCache } from "../../src/hub/repository-cache.js";

const commit = "c".repeat(40);
const repository = { type: "model", id: "org/name" } as const;
let folder: string;
let cache: RepositoryCache;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-cache-"));
  cache = new RepositoryCache(folder, repository);
  mkdirSync(join(cache.folder, "trees"), { recursive: true });
  mkdirSync(join(cache.folder, "refs"), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it("writes a listing and reads it again", async () => {
  const files = [
    { path: "a.json", size: 3, gitHash: "a".repeat(40), sha256: null, xetHash: null },
    {
      path: "b/c.safetensors",
      size: 9,
      gitHash: "b".repeat(40),
      sha256: "d".repeat(64),
      xetHash: "e".repeat(64),
    },
  ];
  expect(cache.readTree(commit)).toBeNull();
  await cache.writeTree(commit, files);
  expect(cache.readTree(commit)).toEqual(files);
});

it.each([
  ["no JSON", "{"],
  ["another version", '{"format_version": 2, "files": {}}'],
  ["a hash that is a path", '{"format_version": 1, "files": {"a": {"size": 1, "blob_id": "../../x"}}}'],
  [
    "a large file's hash that is a path",
    `{"format_version": 1, "files": {"a": {"size": 1, "blob_id": "${"a".repeat(40)}", "lfs_sha256": "../x"}}}`,
  ],
  [
    "a size below zero",
    `{"format_version": 1, "files": {"a": {"size": -1, "blob_id": "${"a".repeat(40)}"}}}`,
  ],
])("takes a listing with %s for none", (_, text) => {
  writeFileSync(join(cache.folder, "trees", `${commit}.json`), text);
  expect(cache.readTree(commit)).toBeNull();
});

it("reads what a revision stands for, and nothing else", async () => {
  expect(cache.readRef("main")).toBeNull();
  await cache.writeRef("main", commit);
  expect(cache.readRef("main")).toBe(commit);
  writeFileSync(join(cache.folder, "refs", "main"), "../../other");
  expect(cache.readRef("main")).toBeNull();
});
