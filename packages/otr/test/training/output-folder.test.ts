import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { withOutputFolder } from "../../src/training/output-folder.js";

const folder = mkdtempSync(join(tmpdir(), "otr-output-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fail = async () => {
  throw new Error("wrong");
};

it("makes a folder, and removes it with those around it where nothing came of it", async () => {
  await expect(withOutputFolder(join(folder, "a/b/c"), fail)).rejects.toThrow("wrong");
  expect(readdirSync(folder)).toEqual([]);
  await withOutputFolder(join(folder, "a/b/c"), async () => writeFileSync(join(folder, "a/b/x"), ""));
  expect([existsSync(join(folder, "a/b/c")), existsSync(join(folder, "a/b/x"))]).toEqual([false, true]);
});

it("leaves an empty folder that was there before", async () => {
  mkdirSync(join(folder, "mine"));
  await expect(withOutputFolder(join(folder, "mine"), fail)).rejects.toThrow("wrong");
  expect(readdirSync(join(folder, "mine"))).toEqual([]);
});

it("lets one run in at a time, and says who has the folder", async () => {
  const busy = join(folder, "busy");
  const second = await withOutputFolder(busy, () =>
    withOutputFolder(busy, async () => "both").catch((error: unknown) => error),
  );
  expect(second).toMatchObject({
    code: "OUTPUT_DIR_IN_USE",
    message: expect.stringContaining(`process ${process.pid} on`),
  });
  expect(await withOutputFolder(busy, async () => "after")).toBe("after");
});

it("is made and locked again where it was removed, and only then", async () => {
  const path = join(folder, "removed");
  await withOutputFolder(path, async ({ restore }) => {
    expect(restore()).toBe(false);
    for (const name of [path, join(path, ".lock")]) {
      rmSync(name, { recursive: true });
      expect([restore(), restore()]).toEqual([true, false]);
    }
    const second = withOutputFolder(path, async () => {});
    await expect(second).rejects.toMatchObject({ code: "OUTPUT_DIR_IN_USE" });
    writeFileSync(join(path, "x"), "");
  });
  expect(readdirSync(path)).toEqual(["x"]);
});

it("is not another run's again: that one keeps folder and lock", async () => {
  const path = join(folder, "lost");
  await withOutputFolder(path, async ({ restore }) => {
    rmSync(path, { recursive: true });
    await withOutputFolder(path, async () => {
      expect(restore).toThrow(/another run .* is training into/);
    });
    rmSync(path, { recursive: true, force: true });
    await withOutputFolder(path, async () => {
      expect(restore).toThrow(/another run/);
      writeFileSync(join(path, "x"), "");
    });
  });
  expect(readdirSync(path)).toEqual(["x"]);
});
