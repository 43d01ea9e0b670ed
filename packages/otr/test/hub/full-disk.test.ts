import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fetchFiles, openSnapshot } from "../../src/hub/snapshot.js";
import { FakeHub } from "./fake-hub.js";

const disk = vi.hoisted(() => ({ free: Number.POSITIVE_INFINITY, isFull: false }));
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  statfsSync: () => ({ bavail: disk.free, bsize: 1 }),
}));
vi.mock("../../src/hub/download-file.js", () => ({
  downloadFile: async () => {
    if (disk.isFull)
      throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC", syscall: "write" });
  },
}));

let hub: FakeHub;
beforeEach(async () => {
  hub = await FakeHub.start();
  hub.add("org/name", { "model.safetensors": Buffer.alloc(20_000_000) });
  Object.assign(disk, { free: Number.POSITIVE_INFINITY, isFull: false });
});
afterEach(() => hub.stop());

async function download(): Promise<void> {
  const snapshot = await openSnapshot(hub.settings(), { type: "model", id: "org/name" }, "main");
  await fetchFiles(hub.settings(), snapshot, snapshot.paths);
}

it("that has no room for a download is said before it begins", async () => {
  disk.free = 10_000_000;
  const downloading = download();
  await expect(downloading).rejects.toMatchObject({ code: "HUB_DISK_FULL" });
  await expect(downloading).rejects.toThrow(/takes 0\.02 GB, but only 0\.01 GB are free/);
});

it("that fills up on the way is said with what to do", async () => {
  disk.isFull = true;
  const downloading = download();
  await expect(downloading).rejects.toMatchObject({ code: "HUB_DISK_FULL" });
  await expect(downloading).rejects.toThrow(/the disk is full\. .*goes on from what has come.*HF_HUB_CACHE/);
});
