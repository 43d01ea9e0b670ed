import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { downloadFile } from "../../src/hub/download-file.js";
import type { HubSettings } from "../../src/hub/hub-settings.js";
import type { RepositoryFile } from "../../src/hub/repository-files.js";
import { FakeHub, fail, gitHash, send, sha256 } from "./fake-hub.js";

const run = promisify(execFile);
const content = Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 7919) % 251));

let hub: FakeHub;
let folder: string;
beforeEach(async () => {
  hub = await FakeHub.start();
  hub.add("org/name", { "model.safetensors": content });
  folder = join(hub.folder, "blobs");
});
afterEach(() => hub.stop());

const file = {
  path: "model.safetensors",
  size: content.length,
  gitHash: "0".repeat(40),
  sha256: sha256(content),
  xetHash: null,
} satisfies RepositoryFile;
const target = () => join(folder, "hash");

/** Downloads the file; how many bytes were counted. */
async function download(
  settings: Partial<HubSettings> = {},
  what: Partial<RepositoryFile> = {},
): Promise<number> {
  let counted = 0;
  await downloadFile(hub.settings(settings), {
    url: `${hub.endpoint}/org/name/resolve/main/model.safetensors`,
    file: { ...file, ...what },
    target: target(),
    subject: { purpose: "download it", repository: { type: "model", id: "org/name" } },
    onBytes: (bytes) => {
      counted += bytes;
    },
  });
  return counted;
}

/** Ranges that the store was asked for; null for the whole. */
const ranges = () =>
  hub.seen.filter(({ host }) => host === "store").map(({ headers }) => headers.range ?? null);

/** Cuts the store's answers off behind so many bytes, as often as `times` says. */
function breakAfter(bytes: number, times: number): void {
  let left = times;
  hub.fault = (request, response) => {
    if (request.host !== "store" || left-- <= 0) return false;
    const start = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
    const part = content.subarray(start, start + bytes);
    const range = { "Content-Range": `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(start > 0 ? 206 : 200, {
      "Content-Length": content.length - start,
      ...(start > 0 && range),
    });
    response.write(part, () => setTimeout(() => response.destroy(), 10));
    return true;
  };
}

it("writes the whole content under its name, and nothing else", async () => {
  expect(await download()).toBe(content.length);
  expect(readdirSync(folder)).toEqual(["hash"]);
  expect(readFileSync(target())).toEqual(content);
});

it("asks nothing where the content is there", async () => {
  await download();
  hub.seen.length = 0;
  expect(await download()).toBe(content.length);
  expect(hub.seen).toEqual([]);
});

it("verifies a file of git by git's hash", async () => {
  await download({}, { sha256: null, gitHash: gitHash(content) });
  expect(readFileSync(target())).toEqual(content);
});

it("makes an empty file without a request", async () => {
  const empty = Buffer.alloc(0);
  await download({}, { size: 0, sha256: sha256(empty) });
  expect(readFileSync(target())).toEqual(empty);
});

describe("a broken connection", () => {
  it("is gone on from where it broke, as long as something comes", async () => {
    breakAfter(6000, 8);
    expect(await download()).toBe(content.length);
    expect(readFileSync(target())).toEqual(content);
    expect(ranges()).toEqual([null, ...[1, 2, 3, 4, 5, 6, 7, 8].map((part) => `bytes=${part * 6000}-`)]);
  });

  it("is given up when nothing comes five times, and what came is kept for the next attempt", async () => {
    breakAfter(6000, 1);
    const { fault } = hub;
    hub.fault = (request, response) => {
      if (fault(request, response)) return true;
      if (request.host === "hub") return false;
      response.writeHead(206, { "Content-Range": `bytes 6000-49999/50000`, "Content-Length": 44_000 });
      response.flushHeaders();
      setTimeout(() => response.destroy(), 10);
      return true;
    };
    const downloading = download();
    await expect(downloading).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    await expect(downloading).rejects.toThrow(/the next attempt goes on from there/);
    expect(readdirSync(folder)).toEqual(["hash.incomplete"]);
    hub.fault = () => false;
    hub.seen.length = 0;
    await download();
    expect(ranges()).toEqual(["bytes=6000-"]);
    expect(readdirSync(folder)).toEqual(["hash"]);
    expect(readFileSync(target())).toEqual(content);
  });

  it("is one too where it falls silent", async () => {
    hub.fault = (request, response) => {
      if (request.host === "hub" || ranges().length > 1) return false;
      response.writeHead(200, { "Content-Length": content.length });
      response.write(content.subarray(0, 1000));
      return true;
    };
    await download({ timeout: 100 });
    expect(ranges()).toEqual([null, "bytes=1000-"]);
  });
});

describe("a server", () => {
  it("without ranges sends everything again, which is counted once", async () => {
    breakAfter(6000, 1);
    const { fault } = hub;
    hub.fault = (request, response) => {
      if (fault(request, response)) return true;
      if (request.host === "hub") return false;
      send({ headers: {} }, response, content);
      return true;
    };
    expect(await download()).toBe(content.length);
    expect(readFileSync(target())).toEqual(content);
  });

  it("that sends another range than the one asked for is not believed", async () => {
    breakAfter(6000, 1);
    const { fault } = hub;
    hub.fault = (request, response) => {
      if (fault(request, response)) return true;
      if (request.host === "hub" || request.headers.range !== "bytes=6000-") return false;
      response.writeHead(206, { "Content-Range": "bytes 0-49999/50000" }).end(content);
      return true;
    };
    await download();
    expect(readFileSync(target())).toEqual(content);
  });

  it("whose signed address has expired is asked for a new one", async () => {
    let refused = 0;
    hub.fault = ({ host }, response) => {
      if (host === "hub" || refused++ > 0) return false;
      fail(response, 503, null, "");
      return true;
    };
    await download();
    expect(hub.requests(/resolve/)).toHaveLength(2);
  });
});

describe("wrong content", () => {
  const serve = (answer: Buffer) => {
    hub.fault = (request, response) => {
      if (request.host === "hub") return false;
      response.writeHead(200).end(answer);
      return true;
    };
  };

  it.each([
    ["of the right size", Buffer.alloc(content.length)],
    ["that is too long", Buffer.concat([content, content])],
  ])("%s is asked for once more, then refused, and nothing is kept", async (_, wrong) => {
    serve(wrong);
    const downloading = download();
    await expect(downloading).rejects.toMatchObject({ code: "HUB_FILE_DAMAGED" });
    await expect(downloading).rejects.toThrow(/came twice with another content/);
    expect(ranges()).toHaveLength(2);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that is too short is never taken for whole", async () => {
    serve(content.subarray(0, 100));
    await expect(download()).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    expect(existsSync(target())).toBe(false);
  });

  it("of an earlier attempt is thrown away", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "hash.incomplete"), Buffer.alloc(1000, 1));
    expect(await download()).toBe(content.length);
    expect(ranges()).toEqual(["bytes=1000-", null]);
    expect(readFileSync(target())).toEqual(content);
  });

  it("longer than the file is thrown away unread, and counts as none", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "hash.incomplete"), Buffer.alloc(60_000));
    serve(Buffer.alloc(content.length));
    const { fault } = hub;
    hub.fault = (request, response) => ranges().length === 1 && fault(request, response);
    expect(await download()).toBe(content.length);
    expect(ranges()).toEqual([null, null]);
  });

  it("of a server that is shorter than the listing is refused", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, "hash.incomplete"), content);
    await expect(download({}, { size: 60_000 })).rejects.toThrow(/it ends before byte 50000 of 60000/);
  });
});

describe("two at once", () => {
  it("in one process: the content comes once", async () => {
    hub.fault = (request, response) => {
      if (request.host === "hub") return false;
      setTimeout(() => send(request, response, content), 300);
      return true;
    };
    await Promise.all([download(), download(), pause(50).then(() => download())]);
    expect(ranges()).toEqual([null]);
    expect(readdirSync(folder)).toEqual(["hash"]);
  });

  it("in two processes, of which one slept and was taken for dead: what it does then changes nothing", async () => {
    let wake = () => {};
    let answer = () => {};
    hub.fault = (request, response) => {
      const number = ranges().length;
      if (request.host === "hub" || number === 2) return false;
      response.writeHead(200, { "Content-Length": content.length });
      response.write(content.subarray(0, 10_000));
      if (number === 1) wake = () => response.end(Buffer.alloc(content.length - 10_000, 1));
      else answer = () => response.end(content.subarray(10_000));
      return true;
    };
    const script = new URL("download-child.js", import.meta.url).pathname;
    const child = run("node", [script, hub.endpoint, target(), String(content.length), file.sha256]);
    while (ranges().length === 0) await pause(20);
    await pause(200);
    child.child.kill("SIGSTOP");
    const [partial] = readdirSync(folder);
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(folder, partial!), longAgo, longAgo);
    await download();
    expect(ranges()).toEqual([null, "bytes=10000-"]);
    child.child.kill("SIGCONT");
    wake();
    // It finds its own content wrong, throws it away and asks for all of it again.
    while (ranges().length === 2) await pause(20);
    await pause(100);
    expect(readFileSync(target())).toEqual(content);
    answer();
    await child;
    expect(readFileSync(target())).toEqual(content);
    expect(readdirSync(folder)).toEqual(["hash"]);
  });

  it("in two processes: the content comes once, and a killed one's part is taken up", async () => {
    hub.fault = (request, response) => {
      if (request.host === "hub" || ranges().length > 1) return false;
      response.writeHead(200, { "Content-Length": content.length });
      response.write(content.subarray(0, 10_000));
      return true;
    };
    const script = new URL("download-child.js", import.meta.url).pathname;
    const child = run("node", [script, hub.endpoint, target(), String(content.length), file.sha256]);
    child.catch(() => {});
    while (ranges().length === 0) await pause(20);
    const second = download();
    await pause(400);
    expect(ranges()).toEqual([null]);
    child.child.kill("SIGKILL");
    await second;
    expect(ranges()).toEqual([null, "bytes=10000-"]);
    expect(readFileSync(target())).toEqual(content);
    expect(readdirSync(folder)).toEqual(["hash"]);
  });
});
