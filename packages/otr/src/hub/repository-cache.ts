/** @file A repository in the cache, in the layout of Python's huggingface_hub, which reads and writes the same files. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { cacheName, type Repository } from "./repository.js";
import type { RepositoryFile } from "./repository-files.js";

/** `trees/COMMIT.json`: the listing of a commit, which never changes. */
const treeSchema = z.looseObject({
  format_version: z.literal(1),
  files: z.record(
    z.string(),
    z.looseObject({
      size: z.int().min(0),
      blob_id: z.string().regex(/^[0-9a-f]{40}$/),
      lfs_sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullish(),
      lfs_size: z.int().nullish(),
      xet_hash: z.string().nullish(),
    }),
  ),
});

/**
 * | path | what |
 * |---|---|
 * | `blobs/HASH` | the contents, named by SHA-256 or git's SHA-1 |
 * | `snapshots/COMMIT/PATH` | links to them |
 * | `refs/REVISION` | the commit that a branch or tag stood for when it was last asked for |
 * | `trees/COMMIT.json` | size and hashes of every file of a commit |
 */
export class RepositoryCache {
  readonly folder: string;

  constructor(cacheFolder: string, repository: Repository) {
    this.folder = join(cacheFolder, cacheName(repository));
  }

  /** The folder that looks like the repository at a commit. */
  snapshotFolder(commit: string): string {
    return join(this.folder, "snapshots", commit);
  }

  /** Where the content of a file belongs. */
  blobPath(file: RepositoryFile): string {
    return join(this.folder, "blobs", file.sha256 ?? file.gitHash);
  }

  /** Whether a commit's file is there, of the right size. */
  holds(commit: string, { path, size }: Pick<RepositoryFile, "path" | "size">): boolean {
    return sizeOf(join(this.snapshotFolder(commit), path)) === size;
  }

  /** The commit that a revision stood for when it was last asked for, or null. */
  readRef(revision: string): string | null {
    const commit = readIfPresent(join(this.folder, "refs", revision))?.trim() ?? "";
    return /^[0-9a-f]{40}$/.test(commit) ? commit : null;
  }

  async writeRef(revision: string, commit: string): Promise<void> {
    if (this.readRef(revision) !== commit) await writeWhole(join(this.folder, "refs", revision), commit);
  }

  /** The listing of a commit, or null where it is not known or not readable. */
  readTree(commit: string): RepositoryFile[] | null {
    const text = readIfPresent(this.#treePath(commit));
    const tree = text === null ? null : treeSchema.safeParse(parseJson(text));
    if (!tree?.success) return null;
    return Object.entries(tree.data.files).map(([path, entry]) => ({
      path,
      size: entry.lfs_size ?? entry.size,
      gitHash: entry.blob_id,
      sha256: entry.lfs_sha256 ?? null,
      xetHash: entry.xet_hash ?? null,
    }));
  }

  async writeTree(commit: string, files: readonly RepositoryFile[]): Promise<void> {
    const entries = files.map(({ path, size, gitHash, sha256, xetHash }) => [
      path,
      {
        size,
        blob_id: gitHash,
        ...(sha256 !== null && { lfs_sha256: sha256, lfs_size: size }),
        ...(xetHash !== null && { xet_hash: xetHash }),
      },
    ]);
    const tree = { format_version: 1, files: Object.fromEntries(entries) };
    await writeWhole(this.#treePath(commit), JSON.stringify(tree, null, 1));
  }

  /** Paths of the files of a commit that are in the cache, in order. */
  pathsOf(commit: string): string[] {
    const folder = this.snapshotFolder(commit);
    const entries = readdirIfPresent(folder);
    return entries.filter((path) => sizeOf(join(folder, path)) !== null).sort();
  }

  /** Puts a file whose content is there into the folder of its commit. */
  async link(commit: string, file: RepositoryFile): Promise<void> {
    const path = join(this.snapshotFolder(commit), file.path);
    await mkdir(dirname(path), { recursive: true });
    await replaceWhole(path, (temporary) => symlink(relative(dirname(path), this.blobPath(file)), temporary));
  }

  #treePath(commit: string): string {
    return join(this.folder, "trees", `${commit}.json`);
  }
}

/** Bytes of a regular file, links followed; null where there is none. */
export function sizeOf(path: string): number | null {
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size : null;
  } catch {
    return null;
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function readdirIfPresent(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await replaceWhole(path, (temporary) => writeFile(temporary, text));
}

/** Makes something beside its place and moves it there, so that nobody sees a part of it. */
async function replaceWhole(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await make(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
