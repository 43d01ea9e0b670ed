/** @file A repository at one commit: its listing from the Hub or the cache, and the files of it that are wanted. */
import { mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { isRevision } from "../config/hub-name.js";
import { DataError, OtrError, RunError } from "../errors.js";
import { countBytes } from "./count-bytes.js";
import { downloadFile } from "./download-file.js";
import { plainText } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import { describeRepository, fileUrl, type Repository } from "./repository.js";
import { RepositoryCache } from "./repository-cache.js";
import {
  checkFilePath,
  isCommit,
  listFiles,
  type RepositoryFile,
  resolveCommit,
} from "./repository-files.js";

/** Connections at once: more do not make one disk and one network faster. */
const DOWNLOADS_AT_ONCE = 4;
/** Requests for the commit of a revision before the network counts as absent: somebody waits for the first word. */
const FIRST_ATTEMPTS = 3;

/** A repository at one commit. */
export interface Snapshot {
  readonly repository: Repository;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** Where its files lie once they are fetched. */
  readonly folder: string;
  /** Every file of the commit; where the listing could not be had, those that the cache holds. */
  readonly paths: readonly string[];
  /** The listing; null where only the cache was looked at. */
  readonly listing: readonly RepositoryFile[] | null;
  /** Sentences for the person. */
  readonly notes: readonly string[];
}

/** How far a download is. */
export interface DownloadProgress {
  /** `org/name`. */
  readonly repository: string;
  /** Files of this download. */
  readonly files: number;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/**
 * Finds a revision and its listing. Nothing is asked of the Hub where the revision is a commit whose listing the cache
 * holds; nothing at all when offline. Where the Hub cannot be reached, what the revision stood for the last time is taken,
 * with a note.
 *
 * @param revision a branch, a tag or a commit
 * @throws {DataError} `HUB_REVISION_INVALID` for what can be none of them; `HUB_OFFLINE` where the cache does not know the revision; as `requestHub` does
 * @throws {RunError} as `requestHub` does
 */
export async function openSnapshot(
  hub: HubSettings,
  repository: Repository,
  revision: string,
): Promise<Snapshot> {
  if (!isRevision(revision)) throw noRevision(repository, revision);
  const cache = new RepositoryCache(hub.cacheFolder, repository);
  const { commit, notes } = await findCommit(hub, repository, revision, cache);
  const folder = cache.snapshotFolder(commit);
  const listing = await findListing(hub, repository, commit, cache);
  const paths = listing === null ? cache.pathsOf(commit) : listing.map(({ path }) => path);
  if (listing === null && paths.length === 0) throw notCached(repository, revision);
  return { repository, commit, folder, paths, listing, notes };
}

async function findCommit(
  hub: HubSettings,
  repository: Repository,
  revision: string,
  cache: RepositoryCache,
): Promise<{ commit: string; notes: string[] }> {
  if (isCommit(revision)) return { commit: revision, notes: [] };
  const known = cache.readRef(revision);
  if (hub.offline) {
    if (known === null) throw notCached(repository, revision);
    return { commit: known, notes: [] };
  }
  try {
    // With something to fall back on, nobody has to wait for a network that is not there.
    const commit = await resolveCommit(hub, repository, revision, known === null ? FIRST_ATTEMPTS : 1);
    await cache.writeRef(revision, commit).catch(() => {});
    return { commit, notes: [] };
  } catch (error) {
    if (known === null || !isTemporary(error)) throw error;
    const note = `The Hub could not be asked for ${repository.id} (${error.message}). What it was the last time is used: commit ${known}.`;
    return { commit: known, notes: [note] };
  }
}

async function findListing(
  hub: HubSettings,
  repository: Repository,
  commit: string,
  cache: RepositoryCache,
): Promise<RepositoryFile[] | null> {
  const known = cache.readTree(commit);
  if (known !== null) return known;
  if (hub.offline) return null;
  const listing = await listFiles(hub, repository, commit);
  // A cache that can only be read is a cache all the same.
  await cache.writeTree(commit, listing).catch(() => {});
  return listing;
}

/**
 * Downloads those of `paths` that the cache does not hold yet, several at once, and returns where each of them lies.
 *
 * @throws {DataError} `HUB_OFFLINE`, `HUB_FILE_NOT_FOUND`, `HUB_FILE_NAME`
 * @throws {RunError} `HUB_DISK_FULL`, `HUB_CACHE_UNWRITABLE`; as `downloadFile` does
 */
export async function fetchFiles(
  hub: HubSettings,
  snapshot: Snapshot,
  paths: readonly string[],
  onProgress: (progress: DownloadProgress) => void = () => {},
): Promise<string[]> {
  const { repository, commit, folder, listing } = snapshot;
  const cache = new RepositoryCache(hub.cacheFolder, repository);
  for (const path of paths) checkFilePath(repository, path);
  const known = new Set(snapshot.paths);
  const absent = paths.filter((path) => !known.has(path));
  if (absent.length > 0) throw notThere(snapshot, absent);
  const byPath = new Map(listing?.map((file) => [file.path, file]));
  const wanted = paths.flatMap((path) => byPath.get(path) ?? []);
  const missing = wanted.filter((file) => !cache.holds(commit, file));
  if (missing.length > 0) {
    if (hub.offline) throw notCached(repository, commit, missing);
    await writing(cache, () => downloadAll(hub, snapshot, cache, missing, onProgress));
  }
  return paths.map((path) => join(folder, path));
}

async function downloadAll(
  hub: HubSettings,
  { repository, commit }: Snapshot,
  cache: RepositoryCache,
  files: readonly RepositoryFile[],
  onProgress: (progress: DownloadProgress) => void,
): Promise<void> {
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  checkSpace(cache.folder, totalBytes);
  const count = countBytes(totalBytes, (receivedBytes) =>
    onProgress({ repository: repository.id, files: files.length, receivedBytes, totalBytes }),
  );
  count(0);
  const waiting = [...files];
  let failed = false;
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined && !failed; file = waiting.shift()) {
      try {
        const purpose = `download ${file.path} of ${repository.id}`;
        await downloadFile(hub, {
          url: fileUrl(hub, repository, commit, file.path),
          file,
          target: cache.blobPath(file),
          subject: { purpose, repository, revision: commit },
          onBytes: count,
        });
        await cache.link(commit, file);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  // All have ended when this does: nothing is written behind the back of whoever handles the error.
  const outcomes = await Promise.allSettled(Array.from({ length: DOWNLOADS_AT_ONCE }, work));
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}

function checkSpace(folder: string, bytes: number): void {
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(2)} GB`;
  throw new RunError(
    "HUB_DISK_FULL",
    `the download takes ${gigabytes(bytes)}, but only ${gigabytes(bavail * bsize)} are free on the disk of ${folder}. Free some ` +
      "space, or set HF_HUB_CACHE to a folder on another disk",
  );
}

/** Runs what writes into the cache; its errors name the folder and what to do. */
async function writing<T>(cache: RepositoryCache, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof OtrError || !(error instanceof Error && "syscall" in error)) throw error;
    const isFull = "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
    const what = isFull ? "the disk is full" : `it cannot be written (${error.message})`;
    const advice = isFull
      ? "Free some space; the next attempt goes on from what has come. Or"
      : "Mend that, or";
    throw new RunError(
      isFull ? "HUB_DISK_FULL" : "HUB_CACHE_UNWRITABLE",
      `${cache.folder}: ${what}. ${advice} set HF_HUB_CACHE to another folder`,
      { cause: error },
    );
  }
}

const isTemporary = (error: unknown): error is RunError =>
  error instanceof RunError && ["HUB_UNREACHABLE", "HUB_RATE_LIMITED", "HUB_FAILED"].includes(error.code);

function noRevision(repository: Repository, revision: string): DataError {
  const found = plainText(JSON.stringify(revision));
  return new DataError(
    "HUB_REVISION_INVALID",
    `${found} can be no branch, tag or commit of ${describeRepository(repository)}; give one that its page lists`,
  );
}

function notCached(
  repository: Repository,
  revision: string,
  missing: readonly RepositoryFile[] = [],
): DataError {
  const what =
    missing.length === 0
      ? `the cache has nothing of revision ${revision}`
      : `the cache lacks ${missing
          .slice(0, 3)
          .map(({ path }) => path)
          .join(", ")}${missing.length > 3 ? " and more" : ""} of commit ${revision}`;
  return new DataError(
    "HUB_OFFLINE",
    `${describeRepository(repository)}: ${what}, and HF_HUB_OFFLINE forbids to download it. Unset it once, or give a local folder`,
  );
}

function notThere({ repository, commit, listing }: Snapshot, paths: readonly string[]): DataError {
  const where = listing === null ? "the cache holds no" : "there is no";
  return new DataError(
    "HUB_FILE_NOT_FOUND",
    `${where} ${paths.slice(0, 3).join(", ")} in ${describeRepository(repository)} at commit ${commit}`,
  );
}
