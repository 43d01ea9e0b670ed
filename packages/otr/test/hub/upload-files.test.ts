import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRepository } from "../../src/hub/create-repository.js";
import { type UploadProgress, uploadFiles } from "../../src/hub/upload-files.js";
import { FakeHub, fail, sha256 } from "./fake-hub.js";

const repository = { type: "model", id: "me/tuned" } as const;
const weights = Buffer.alloc(300_000, "w");

let hub: FakeHub;
let folder: string;
beforeEach(async () => {
  hub = await FakeHub.start();
  folder = mkdtempSync(join(tmpdir(), "otr-upload-"));
  writeFileSync(join(folder, "config.json"), '{"a": 1}');
  writeFileSync(join(folder, "model.safetensors"), weights);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  return hub.stop();
});

const known = () => hub.settings({ token: hub.token });
const upload = (onProgress?: (progress: UploadProgress) => void, removed: string[] = []) =>
  uploadFiles(known(), repository, {
    folder,
    paths: ["config.json", "model.safetensors"],
    removed,
    parentCommit: hub.repositories.get("models/me/tuned")!.commit,
    title: "Upload",
    ...(onProgress && { onProgress }),
  });

describe("createRepository", () => {
  it("makes it once, in the own namespace where none is given", async () => {
    expect(await createRepository(known(), "tuned", true)).toEqual(repository);
    expect(hub.repositories.get("models/me/tuned")?.access).toBe("private");
    expect(await createRepository(known(), "me/tuned", null)).toEqual(repository);
  });

  it("takes no public one for a private one", async () => {
    hub.add("me/tuned", {});
    await expect(createRepository(known(), "tuned", true)).rejects.toMatchObject({
      code: "HUB_REPOSITORY_PUBLIC",
      message: expect.stringMatching(/me\/tuned exists already .*make it private at .*\/me\/tuned\/settings/),
    });
    expect(await createRepository(known(), "tuned", false)).toEqual(repository);
    hub.repositories.get("models/me/tuned")!.access = "private";
    expect(await createRepository(known(), "tuned", true)).toEqual(repository);
  });

  it("needs a token, a network and the right to", async () => {
    await expect(createRepository(hub.settings(), "tuned", null)).rejects.toMatchObject({
      code: "HUB_TOKEN_MISSING",
    });
    const offline = { ...known(), offline: true };
    await expect(createRepository(offline, "tuned", null)).rejects.toMatchObject({ code: "HUB_OFFLINE" });
    expect(hub.seen).toEqual([]);
    await expect(createRepository(known(), "forbidden/x", null)).rejects.toMatchObject({
      code: "HUB_FORBIDDEN",
    });
    hub.add("forbidden/x", {});
    expect(await createRepository(known(), "forbidden/x", null)).toEqual({
      type: "model",
      id: "forbidden/x",
    });
    hub.repositories.get("models/forbidden/x")!.isReadOnly = true;
    await expect(createRepository(known(), "forbidden/x", null)).rejects.toThrow(
      /cannot write to forbidden\/x: .*create_pr/,
    );
    const other = hub.settings({ token: "wrong" });
    await expect(createRepository(other, "tuned", null)).rejects.toMatchObject({ code: "HUB_TOKEN_REFUSED" });
  });
});

describe("uploadFiles", () => {
  it("puts everything into one commit, the large files into the store", async () => {
    const { files } = hub.add("me/tuned", { "old.safetensors": "old" });
    const seen: UploadProgress[] = [];
    const commit = await upload((progress) => seen.push(progress), ["old.safetensors"]);
    expect(commit).toBe(hub.repositories.get("models/me/tuned")!.commit);
    expect([...files.keys()].sort()).toEqual(["config.json", "model.safetensors"]);
    expect(files.get("config.json")!.content.toString()).toBe('{"a": 1}');
    expect(files.get("model.safetensors")!.content).toEqual(weights);
    expect(hub.requests(/\/commit\//)).toHaveLength(1);
    const facts = { repository: "me/tuned", files: 2, totalBytes: 300_008 };
    expect(seen[0]).toEqual({ ...facts, sentBytes: 0 });
    expect(seen.at(-1)).toEqual({ ...facts, sentBytes: 300_008 });
    const put = hub.seen.find(({ method }) => method === "PUT")!;
    expect(put.headers).toMatchObject({ "content-length": "300000" });
    expect(put.headers.authorization).toBeUndefined();
    expect(put.headers["transfer-encoding"]).toBeUndefined();
  });

  it("takes any token, and shows it to the Hub alone", async () => {
    hub.add("me/tuned", {});
    await upload();
    for (const { host, headers } of hub.seen) {
      expect(headers.authorization).toBe(host === "hub" ? `Bearer ${hub.token}` : undefined);
    }
  });

  it("does not send what the store has", async () => {
    hub.add("me/tuned", {});
    hub.uploaded.set(sha256(weights), weights);
    await upload();
    expect(hub.requests(/^PUT/)).toEqual([]);
  });

  it("is tried again where it breaks, and counted once", async () => {
    hub.add("me/tuned", {});
    const failures = new Set<string>();
    hub.fault = ({ method, url }, response) => {
      if (method === "GET" || failures.has(url)) return false;
      failures.add(url);
      if (method === "PUT") response.destroy();
      else fail(response, 502, null, "");
      return true;
    };
    const sent: number[] = [];
    await upload(({ sentBytes }) => sent.push(sentBytes));
    expect(failures.size).toBe(4);
    expect(Math.max(...sent.slice(0, -1))).toBeLessThanOrEqual(300_000);
    expect(hub.repositories.get("models/me/tuned")!.files.size).toBe(2);
  });

  it("leaves the repository as it was where it fails", async () => {
    const { files } = hub.add("me/tuned", { "config.json": "old" });
    hub.fault = ({ url }, response) => {
      if (!url.includes("/commit/")) return false;
      fail(response, 403, null, "no write access");
      return true;
    };
    await expect(upload()).rejects.toThrow(
      /cannot upload to me\/tuned: the Hub does not allow it \(no write access\)/,
    );
    expect(files.get("config.json")!.content.toString()).toBe("old");
  });

  it("names what the store refuses", async () => {
    hub.add("me/tuned", {});
    hub.fault = ({ url }, response) => {
      if (!url.includes("/batch")) return false;
      const objects = [{ oid: sha256(weights), size: 1, error: { code: 422, message: "too large" } }];
      response
        .writeHead(200, { "Content-Type": "application/json" })
        .end(JSON.stringify({ transfer: "basic", objects }));
      return true;
    };
    await expect(upload()).rejects.toThrow(/cannot upload to .*too large/);
  });
});
