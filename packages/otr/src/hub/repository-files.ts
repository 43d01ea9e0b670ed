/** @file What the Hub says about a repository: the commit of a revision, and the files of a commit. */
import { z } from "zod";
import { DataError, RunError } from "../errors.js";
import { plainText } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import { type JsonAnswer, requestJson } from "./request-json.js";
import { apiUrl, type Repository } from "./repository.js";
import { ATTEMPTS } from "./request-hub.js";

/** A file of a commit. */
export interface RepositoryFile {
  /** Relative, its parts set apart by `/`. Unchecked: see {@link checkFilePath}. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-1 of git's object: of the content, or of what stands for it where it is kept outside of git. */
  readonly gitHash: string;
  /** SHA-256 of the content, for files that are kept outside of git (LFS). */
  readonly sha256: string | null;
  /** The address of the content in Hugging Face's chunk store, which only their own tools use. */
  readonly xetHash: string | null;
}

const COMMIT = /^[0-9a-f]{40}$/;
/** Pages of 1,000 files each, which the Hub may also send empty. */
const MOST_PAGES = 1000;
/** Files of a repository, all of whose names are held in memory; and characters of these names. */
const MOST_FILES = 100_000;
const MOST_CHARACTERS = 2 ** 24;

/** Whether a revision names one commit for good. */
export const isCommit = (revision: string): boolean => COMMIT.test(revision);

const revisionSchema = z.looseObject({ sha: z.string().regex(COMMIT) });
const sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const entrySchema = z.looseObject({
  type: z.string(),
  path: z.string(),
  oid: z.string().optional(),
  size: z.int().min(0).optional(),
  lfs: z.looseObject({ oid: sha256 }).nullish(),
  xetHash: sha256.nullish(),
});

type Entry = z.output<typeof entrySchema>;

/**
 * The commit that a branch, a tag or an abbreviated hash stands for now.
 *
 * @throws {DataError}, {@link RunError} as `requestJson` does
 */
export async function resolveCommit(
  hub: HubSettings,
  repository: Repository,
  revision: string,
  attempts = ATTEMPTS,
): Promise<string> {
  const url = `${apiUrl(hub, repository)}/revision/${encodeURIComponent(revision)}`;
  const subject = { purpose: `find ${repository.id} on the Hub`, repository, revision };
  const { value } = await requestJson(hub, url, subject, revisionSchema, { attempts });
  return value.sha;
}

/**
 * All files of a commit, in all folders.
 *
 * @throws {DataError} `HUB_TOO_MANY_FILES`; {@link DataError}, {@link RunError} as `requestJson` does
 */
export async function listFiles(
  hub: HubSettings,
  repository: Repository,
  commit: string,
): Promise<RepositoryFile[]> {
  const subject = { purpose: `list the files of ${repository.id}`, repository, revision: commit };
  const files: RepositoryFile[] = [];
  let characters = 0;
  let url: string | null =
    `${apiUrl(hub, repository)}/tree/${encodeURIComponent(commit)}?recursive=true&expand=false`;
  for (let pages = 0; url !== null; pages++) {
    if (pages === MOST_PAGES)
      throw new RunError("HUB_FAILED", `cannot ${subject.purpose}: the listing does not end`);
    const page: JsonAnswer<Entry[]> = await requestJson(hub, url, subject, z.array(entrySchema));
    for (const entry of page.value) if (entry.type === "file") files.push(fileOf(entry));
    for (const { path } of page.value) characters += path.length;
    if (files.length > MOST_FILES || characters > MOST_CHARACTERS) throw tooManyFiles(repository);
    url = page.next;
  }
  return files;
}

const tooManyFiles = ({ id }: Repository): DataError =>
  new DataError(
    "HUB_TOO_MANY_FILES",
    `${id} has more than ${MOST_FILES.toLocaleString("en")} files, or names of more than ${MOST_CHARACTERS.toLocaleString("en")} characters in all, and all of them would be held in memory; download what is needed of it, and give the folder`,
  );

function fileOf({ path, size, oid, lfs, xetHash }: Entry): RepositoryFile {
  const gitHash = sha1.safeParse(oid);
  if (!gitHash.success || size === undefined) {
    throw new RunError(
      "HUB_FAILED",
      `the Hub lists "${plainText(path)}" without size or hash, so it cannot be verified. Check HF_ENDPOINT`,
    );
  }
  return { path, size, gitHash: gitHash.data, sha256: lfs?.oid ?? null, xetHash: xetHash ?? null };
}

/**
 * Refuses a name that would lead out of the folder that the file belongs in.
 *
 * @throws {DataError} `HUB_FILE_NAME`
 */
export function checkFilePath({ id }: Repository, path: string): void {
  const isSound = path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= 255);
  if (isSound && !/[\\\p{Cc}]/u.test(path) && path.length <= 1000) return;
  throw new DataError(
    "HUB_FILE_NAME",
    `${id} has a file called "${plainText(path)}", which would be written outside of its folder or cannot be ` +
      "written at all; do not trust this repository",
  );
}
