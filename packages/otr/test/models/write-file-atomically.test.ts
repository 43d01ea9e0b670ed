import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeFileAtomically } from "../../src/models/write-file-atomically.js";

it("replaces a file and leaves no temporary one, also when it fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "otr-"));
  const path = join(folder, "a.json");
  await writeFileAtomically(path, "old and longer");
  await writeFileAtomically(path, "new");
  expect(await readFile(path, "utf8")).toBe("new");
  // A folder cannot be replaced by a file, so the rename fails.
  await mkdir(join(folder, "b"));
  await expect(writeFileAtomically(join(folder, "b"), "x")).rejects.toThrow();
  expect((await readdir(folder)).sort()).toEqual(["a.json", "b"]);
  await rm(folder, { recursive: true });
});
