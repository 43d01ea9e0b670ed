/** @file Downloads the content of one file: resumed, verified, and seen by others only when it is whole. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { RunError } from "../errors.js";
import type { RequestSubject } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import { dropPartialFile, finishPartialFile, releasePartialFile, takePartialFile } from "./partial-file.js";
import { BrokenTransfer, readChunks } from "./read-body.js";
import { sizeOf } from "./repository-cache.js";
import type { RepositoryFile } from "./repository-files.js";
import { ATTEMPTS, requestHub } from "./request-hub.js";

/** How often to look whether another process has finished, at the least: two that stood back must not meet again. */
const WAIT_MILLISECONDS = 200;

/** What to download, and where to. */
export interface FileDownload {
  readonly url: string;
  readonly file: RepositoryFile;
  /** Where the whole content is put. */
  readonly target: string;
  readonly subject: RequestSubject;
  /** Told how many more bytes there are than before; negative where some have to come again. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Downloads a file unless its content is there. What an earlier attempt has left is gone on with; while another process
 * downloads the same, its end is waited for.
 *
 * @throws {RunError} `HUB_FILE_DAMAGED` where the content is twice not what the Hub's listing says; `HUB_UNREACHABLE`
 * where the connection breaks again and again
 * @throws {DataError}, {@link RunError} as `requestHub` does
 */
export async function downloadFile(hub: HubSettings, download: FileDownload): Promise<void> {
  const { target, file, onBytes } = download;
  await mkdir(dirname(target), { recursive: true });
  while (sizeOf(target) !== file.size) {
    const partial = takePartialFile(target);
    if (partial === null) {
      await pause(WAIT_MILLISECONDS * (1 + Math.random()));
      continue;
    }
    try {
      await fill(hub, download, partial);
      if (finishPartialFile(partial, target)) return;
      // Another process has it: what it makes of it is waited for, or taken up.
      onBytes(-file.size);
    } catch (error) {
      if (error instanceof DamagedFile) {
        dropPartialFile(partial);
        throw new RunError("HUB_FILE_DAMAGED", damaged(download, error), { cause: error });
      }
      releasePartialFile(partial, target);
      throw error;
    }
  }
  onBytes(file.size);
}

/** The content is not what the listing says. */
class DamagedFile extends Error {}

function damaged({ file, subject }: FileDownload, { message }: DamagedFile): string {
  return (
    `cannot ${subject.purpose}: ${file.path} came twice with another content than the Hub lists (${message}). Something on ` +
    "the way changes it (a proxy, or what HF_ENDPOINT names), or the repository is damaged. Nothing of it was kept"
  );
}

async function fill(hub: HubSettings, download: FileDownload, path: string): Promise<void> {
  const content = await PartialContent.open(path, download);
  try {
    try {
      await complete(hub, download, content);
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      // It may have been what an earlier attempt had left.
      await content.restart();
      await complete(hub, download, content);
    }
    await content.sync();
  } finally {
    await content.close();
  }
}

/** Asks for what is missing until nothing is, with a pause behind each request that brought nothing. */
async function complete(hub: HubSettings, download: FileDownload, content: PartialContent): Promise<void> {
  const { subject, file } = download;
  let failures = 0;
  while (content.size < file.size) {
    const before = content.size;
    try {
      await receive(hub, download, content);
    } catch (error) {
      if (!(error instanceof BrokenTransfer)) throw error;
      failures = content.size > before ? 1 : failures + 1;
      if (failures >= ATTEMPTS) {
        const advice = "What has come is kept: the next attempt goes on from there";
        const found = `the connection broke ${ATTEMPTS} times (${error.message})`;
        throw new RunError("HUB_UNREACHABLE", `cannot ${subject.purpose}: ${found}. ${advice}`, {
          cause: error,
        });
      }
      await pause(hub.retryDelay * 2 ** (failures - 1));
    }
  }
  content.verify();
}

async function receive(hub: HubSettings, download: FileDownload, content: PartialContent): Promise<void> {
  const { url, subject, file } = download;
  const offset = content.size;
  const response = await requestHub(hub, url, subject, {
    headers: offset > 0 ? { Range: `bytes=${offset}-` } : {},
    // Not satisfiable: the file is shorter there than the listing says.
    accepts: [416],
  });
  if (response.status === 416) {
    await response.body?.cancel();
    throw new DamagedFile(`it ends before byte ${offset} of ${file.size}`);
  }
  if (offset > 0 && !goesOnFrom(response, offset)) await content.restart();
  for await (const chunk of readChunks(response, hub.timeout)) await content.append(chunk);
  if (content.size < file.size) {
    throw new BrokenTransfer(`it ended after ${content.size} of ${file.size} bytes`);
  }
}

/** Whether the answer is the part that was asked for; a server without ranges sends the whole. */
function goesOnFrom({ status, headers }: Response, offset: number): boolean {
  return status === 206 && (headers.get("Content-Range") ?? "").startsWith(`bytes ${offset}-`);
}

/** A file that grows, with the hash of what it holds. */
class PartialContent {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #file: RepositoryFile;
  readonly #onBytes: (bytes: number) => void;
  #hash: Hash;
  #size = 0;

  private constructor(path: string, handle: FileHandle, { file, onBytes }: FileDownload) {
    this.#path = path;
    this.#handle = handle;
    this.#file = file;
    this.#onBytes = onBytes;
    this.#hash = contentHash(file);
  }

  static async open(path: string, download: FileDownload): Promise<PartialContent> {
    const content = new PartialContent(path, await open(path, "r+"), download);
    try {
      await content.#takeUp();
      return content;
    } catch (error) {
      await content.close();
      throw error;
    }
  }

  /** Bytes that have come. */
  get size(): number {
    return this.#size;
  }

  async append(chunk: Uint8Array): Promise<void> {
    if (this.#size + chunk.length > this.#file.size) {
      throw new DamagedFile(`more than ${this.#file.size} bytes came`);
    }
    await writeAll(this.#handle, chunk, this.#size);
    this.#count(chunk);
  }

  /** Forgets everything that has come. */
  async restart(): Promise<void> {
    this.#onBytes(-this.#size);
    this.#size = 0;
    this.#hash = contentHash(this.#file);
    await this.#handle.truncate(0);
  }

  /** @throws DamagedFile */
  verify(): void {
    const found = this.#hash.digest("hex");
    const expected = this.#file.sha256 ?? this.#file.gitHash;
    if (found === expected) return;
    const kind = this.#file.sha256 === null ? "git hash" : "SHA-256";
    throw new DamagedFile(`${kind} ${found} instead of ${expected}`);
  }

  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Reads what an earlier attempt has left. */
  async #takeUp(): Promise<void> {
    const left = sizeOf(this.#path) ?? 0;
    if (left > this.#file.size) await this.#handle.truncate(0);
    else if (left > 0) {
      for await (const chunk of createReadStream(this.#path, { highWaterMark: 2 ** 20 }))
        this.#count(chunk as Buffer);
    }
  }

  #count(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#size += chunk.length;
    this.#onBytes(chunk.length);
  }
}

/** The hash under which the Hub lists a file: SHA-256, or git's SHA-1 of a header and the content. */
function contentHash({ sha256, size }: RepositoryFile): Hash {
  return sha256 === null ? createHash("sha1").update(`blob ${size}\0`) : createHash("sha256");
}

/** A write may take less than it is given, on a disk that fills up. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
