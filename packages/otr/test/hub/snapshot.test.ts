import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DownloadProgress, fetchFiles, openSnapshot, type Snapshot } from "../../src/hub/snapshot.js";
import { FakeHub, fail, gitHash, json, sha256 } from "./fake-hub.js";

const model = { type: "model", id: "org/name" } as const;
const FILES = {
  "config.json": "{}",
  "model.safetensors": Buffer.alloc(100_000, "w"),
  "sub/folder/a.txt": "nested",
};

let hub: FakeHub;
beforeEach(async () => {
  hub = await FakeHub.start();
  hub.add("org/name", FILES);
});
afterEach(() => hub.stop());

/** Downloads everything. */
async function download(settings = hub.settings(), revision = "main"): Promise<Snapshot> {
  const snapshot = await openSnapshot(settings, model, revision);
  await fetchFiles(settings, snapshot, snapshot.paths);
  return snapshot;
}

const cached = (path = ""): string => join(hub.folder, "cache", "models--org--name", path);

describe("a download", () => {
  it("lies in the cache as huggingface_hub lays it out", async () => {
    const { folder, commit, paths } = await download();
    expect(paths).toEqual(Object.keys(FILES));
    expect(folder).toBe(cached(`snapshots/${commit}`));
    for (const [path, content] of Object.entries(FILES)) {
      expect(readFileSync(join(folder, path))).toEqual(Buffer.from(content));
    }
    expect(readFileSync(cached("refs/main"), "utf8")).toBe(commit);
    const hash = sha256(FILES["model.safetensors"]);
    expect(readlinkSync(join(folder, "model.safetensors"))).toBe(`../../blobs/${hash}`);
    const nested = gitHash(Buffer.from("nested"));
    expect(readlinkSync(join(folder, "sub/folder/a.txt"))).toBe(`../../../../blobs/${nested}`);
    expect(readdirSync(cached("blobs"))).toHaveLength(3);
    const tree = JSON.parse(readFileSync(cached(`trees/${commit}.json`), "utf8")) as { files: object };
    expect(tree.files).toMatchObject({
      "config.json": { size: 2, blob_id: gitHash(Buffer.from("{}")) },
      "model.safetensors": { size: 100_000, lfs_sha256: hash, lfs_size: 100_000 },
    });
  });

  it("fetches what is asked for, and says how far it is", async () => {
    const settings = hub.settings();
    const snapshot = await openSnapshot(settings, model, "main");
    const seen: DownloadProgress[] = [];
    await fetchFiles(settings, snapshot, ["config.json"], (progress) => seen.push(progress));
    expect(readdirSync(snapshot.folder)).toEqual(["config.json"]);
    const facts = { repository: "org/name", files: 1, totalBytes: 2 };
    expect(seen).toEqual([
      { ...facts, receivedBytes: 0 },
      { ...facts, receivedBytes: 2 },
    ]);
  });

  it("reads a listing of several pages", async () => {
    hub.pageSize = 2;
    const { paths } = await openSnapshot(hub.settings(), model, "main");
    expect(paths).toEqual(Object.keys(FILES));
    expect(hub.requests(/\/tree\//)).toHaveLength(2);
  });

  it("gives up a listing that does not end", async () => {
    hub.fault = ({ url }, response) => {
      if (!url.includes("/tree/")) return false;
      response.setHeader("Link", `<${hub.endpoint}${url}>; rel="next"`);
      json(response, []);
      return true;
    };
    await expect(openSnapshot(hub.settings(), model, "main")).rejects.toThrow(/the listing does not end/);
  });

  it.each([
    ["files", 20_000, "f"],
    ["characters of names", 1, "f".repeat(2 ** 22)],
  ])("gives up a listing of too many %s after a few pages", async (_, count, name) => {
    hub.fault = ({ url }, response) => {
      if (!url.includes("/tree/")) return false;
      response.setHeader("Link", `<${hub.endpoint}${url}>; rel="next"`);
      const file = { type: "file", oid: "0".repeat(40), size: 1 };
      json(
        response,
        Array.from({ length: count }, (_, index) => ({ ...file, path: `${name}${index}` })),
      );
      return true;
    };
    await expect(openSnapshot(hub.settings(), model, "main")).rejects.toMatchObject({
      code: "HUB_TOO_MANY_FILES",
      message: expect.stringMatching(/org\/name has more than 100,000 files, or names of more than/),
    });
    expect(hub.requests(/\/tree\//).length).toBeLessThan(7);
  });

  it("downloads equal files once", async () => {
    hub.add("org/name", { "a.safetensors": "same", "b.safetensors": "same" });
    const { folder } = await download();
    expect(readFileSync(join(folder, "b.safetensors"), "utf8")).toBe("same");
    expect(hub.requests(/content/)).toHaveLength(1);
  });

  it("is of a data set too, whose id may have no organization", async () => {
    hub.add("org/rows", { "data/train.parquet": "PAR1" }, "dataset");
    const settings = hub.settings();
    const snapshot = await openSnapshot(settings, { type: "dataset", id: "org/rows" }, "main");
    const [path] = await fetchFiles(settings, snapshot, ["data/train.parquet"]);
    expect(readFileSync(path!, "utf8")).toBe("PAR1");
    expect(path).toContain("/datasets--org--rows/snapshots/");
  });

  it("takes a branch with a slash", async () => {
    hub.repositories.get("models/org/name")!.revisions.add("refs/pr/1");
    const { commit } = await download(hub.settings(), "refs/pr/1");
    expect(readFileSync(cached("refs/refs/pr/1"), "utf8")).toBe(commit);
  });
});

describe("the cache", () => {
  it("is asked instead of the Hub for a commit that it holds", async () => {
    const { commit } = await download();
    hub.seen.length = 0;
    await download(hub.settings(), commit);
    expect(hub.seen).toEqual([]);
  });

  it("without a listing, as older tools leave it, suffices when offline; otherwise the listing is asked for", async () => {
    const { commit } = await download();
    rmSync(cached("trees"), { recursive: true });
    hub.seen.length = 0;
    const offline = hub.settings({ offline: true });
    const snapshot = await openSnapshot(offline, model, commit);
    expect(await fetchFiles(offline, snapshot, ["sub/folder/a.txt"])).toHaveLength(1);
    await expect(fetchFiles(offline, snapshot, ["b"])).rejects.toThrow(/the cache holds no b in/);
    expect(hub.seen).toEqual([]);
    await download(hub.settings(), commit);
    expect(hub.requests()).toEqual([expect.stringContaining(`/tree/${commit}`)]);
  });

  it("asks once for a branch that has not moved", async () => {
    await download();
    hub.seen.length = 0;
    await download();
    expect(hub.requests()).toEqual(["GET /api/models/org/name/revision/main"]);
  });

  it("keeps what did not change when the branch moves", async () => {
    const old = await download();
    const repository = hub.repositories.get("models/org/name")!;
    repository.commit = "a".repeat(40);
    repository.files.set("config.json", { content: Buffer.from("[]"), large: false });
    hub.seen.length = 0;
    const { folder } = await download();
    expect(hub.requests(/resolve/)).toEqual([`GET /org/name/resolve/${repository.commit}/config.json`]);
    expect(readFileSync(join(folder, "config.json"), "utf8")).toBe("[]");
    expect(readFileSync(join(old.folder, "config.json"), "utf8")).toBe("{}");
    expect(lstatSync(join(folder, "model.safetensors")).isSymbolicLink()).toBe(true);
  });

  it("is mended where a file of it was cut short", async () => {
    const { folder } = await download();
    writeFileSync(join(folder, "model.safetensors"), "cut");
    await download();
    expect(readFileSync(join(folder, "model.safetensors"))).toEqual(FILES["model.safetensors"]);
  });

  it("that can only be read suffices for what it holds", async () => {
    const { folder, commit } = await download();
    rmSync(cached("trees"), { recursive: true });
    rmSync(cached("refs"), { recursive: true });
    // Files where folders belong: nothing can be written there.
    for (const name of ["trees", "refs"]) writeFileSync(cached(name), "");
    expect(await download()).toMatchObject({ folder, commit });
  });

  it("that cannot be written is said", async () => {
    mkdirSync(join(hub.folder, "cache"));
    writeFileSync(cached(), "a file");
    await expect(download()).rejects.toThrow(/models--org--name: it cannot be written .* set HF_HUB_CACHE/);
  });
});

describe("offline", () => {
  it("uses what is there, and asks nothing", async () => {
    await download();
    hub.seen.length = 0;
    const { folder } = await download(hub.settings({ offline: true }));
    expect(existsSync(join(folder, "config.json"))).toBe(true);
    expect(hub.seen).toEqual([]);
  });

  it("says what is not there", async () => {
    const offline = hub.settings({ offline: true });
    await expect(openSnapshot(offline, model, "main")).rejects.toMatchObject({ code: "HUB_OFFLINE" });
    await expect(openSnapshot(offline, model, "b".repeat(40))).rejects.toMatchObject({ code: "HUB_OFFLINE" });
    const snapshot = await openSnapshot(hub.settings(), model, "main");
    await fetchFiles(hub.settings(), snapshot, ["config.json"]);
    const fetching = fetchFiles(offline, await openSnapshot(offline, model, "main"), snapshot.paths);
    await expect(fetching).rejects.toThrow(/the cache lacks model\.safetensors, sub\/folder\/a\.txt/);
  });
});

describe("a Hub that does not answer", () => {
  it("is done without where the revision is known, with a note", async () => {
    const { commit } = await download();
    hub.fault = (_, response) => {
      fail(response, 503, null, "");
      return true;
    };
    hub.seen.length = 0;
    const snapshot = await openSnapshot(hub.settings(), model, "main");
    expect(snapshot.commit).toBe(commit);
    expect(snapshot.notes[0]).toMatch(`status 503`);
    expect(snapshot.notes[0]).toMatch(commit);
    expect(hub.seen).toHaveLength(1);
  });

  it("is an error where it is not", async () => {
    hub.fault = (_, response) => {
      fail(response, 503, null, "");
      return true;
    };
    await expect(openSnapshot(hub.settings(), model, "main")).rejects.toMatchObject({ code: "HUB_FAILED" });
  });

  it("is asked again where its answer breaks off", async () => {
    hub.fault = ({ url }, response) => {
      if (!url.includes("/revision/") || hub.requests(/revision/).length > 2) return false;
      response.writeHead(200, { "Content-Length": 1000 });
      response.write('{"sha":', () => response.destroy());
      return true;
    };
    expect((await download()).paths).toHaveLength(3);
  });

  it("is named where what answers is something else", async () => {
    for (const answer of [{}, { sha: "../../x" }, [], "text"]) {
      hub.fault = (_, response) => {
        json(response, answer);
        return true;
      };
      await expect(openSnapshot(hub.settings(), model, "main")).rejects.toThrow(/none of a Hub.*HF_ENDPOINT/);
    }
  });
});

describe("access", () => {
  it("to a gated repository needs a token", async () => {
    hub.repositories.get("models/org/name")!.access = "gated";
    await expect(download()).rejects.toMatchObject({ code: "HUB_GATED" });
    expect((await download(hub.settings({ token: hub.token }))).paths).toHaveLength(3);
    const toStore = hub.seen.filter(({ host }) => host === "store");
    expect(toStore).toHaveLength(1);
    expect(toStore[0]!.headers.authorization).toBeUndefined();
  });

  it("to a private one too", async () => {
    hub.repositories.get("models/org/name")!.access = "private";
    await expect(download()).rejects.toMatchObject({ code: "HUB_NOT_FOUND" });
    expect((await download(hub.settings({ token: hub.token }))).paths).toHaveLength(3);
  });

  it("to what is not there is an error", async () => {
    await expect(
      openSnapshot(hub.settings(), { type: "model", id: "org/none" }, "main"),
    ).rejects.toMatchObject({
      code: "HUB_NOT_FOUND",
    });
    await expect(openSnapshot(hub.settings(), model, "none")).rejects.toMatchObject({
      code: "HUB_REVISION_NOT_FOUND",
    });
    const snapshot = await openSnapshot(hub.settings(), model, "main");
    await expect(fetchFiles(hub.settings(), snapshot, ["none"])).rejects.toThrow(/there is no none in/);
  });
});

it.each(["../../../x", "/etc/passwd", "a//b", "", "a b", "a\0b", "x".repeat(300)])(
  "the revision %j is refused before anything is asked or written",
  async (revision) => {
    await expect(openSnapshot(hub.settings(), model, revision)).rejects.toMatchObject({
      code: "HUB_REVISION_INVALID",
    });
    expect(hub.seen).toEqual([]);
    expect(existsSync(cached())).toBe(false);
  },
);

describe("hostile names", () => {
  it.each([
    "../escaped",
    "a/../../escaped",
    "/etc/passwd",
    "a//b",
    ".",
    "a\\b",
    "a\0b",
    "a\u009b31mb",
    "x".repeat(256),
  ])("%j is refused before anything is written", async (path) => {
    hub.add("org/name", { "config.json": "{}", [path]: "x" });
    await expect(download()).rejects.toMatchObject({ code: "HUB_FILE_NAME" });
    expect(existsSync(cached("blobs"))).toBe(false);
    expect(readdirSync(hub.folder)).toEqual(["cache"]);
  });
});
