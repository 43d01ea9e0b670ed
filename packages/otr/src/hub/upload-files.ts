/** @file Uploads files of a folder as one commit. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { OtrError, RunError } from "../errors.js";
import { countBytes } from "./count-bytes.js";
import { plainText } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import { pageUrl, type Repository } from "./repository.js";
import { isCommit } from "./repository-files.js";
import { requestHub } from "./request-hub.js";

/** The Hub checks what it was sent before it answers. */
const PATIENCE = 300_000;

/** How far an upload is. */
export interface UploadProgress {
  /** `org/name`. */
  readonly repository: string;
  readonly files: number;
  /** Of large files one by one; all when the commit is made, which holds the small ones. */
  readonly sentBytes: number;
  /** Of all files; those that the Hub has already are not sent. */
  readonly totalBytes: number;
}

export interface FolderUpload {
  readonly folder: string;
  /** Paths below `folder`, which are those in the repository. */
  readonly paths: readonly string[];
  /** Paths that the repository has and loses. */
  readonly removed: readonly string[];
  /** The commit that the branch must still be at, so that what somebody else has uploaded meanwhile is not changed. */
  readonly parentCommit: string;
  /** The commit's message. */
  readonly title: string;
  readonly onProgress?: (progress: UploadProgress) => void;
  /** Ends the upload. */
  readonly signal?: AbortSignal;
}

/**
 * Uploads files as one commit to `main`: others see all of it or nothing.
 *
 * @returns the commit, 40 hexadecimal digits
 * @throws {DataError}, {@link RunError} as `requestHub` does; `HUB_STOPPED`
 */
export async function uploadFiles(
  hub: HubSettings,
  repository: Repository,
  upload: FolderUpload,
): Promise<string> {
  const { folder, paths, removed, parentCommit, title, onProgress, signal } = upload;
  const totalBytes = paths.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  const report = (sentBytes: number) =>
    onProgress?.({ repository: repository.id, files: paths.length, sentBytes, totalBytes });
  const onSent = countBytes(totalBytes, report);
  onSent(0);
  // Loaded here, because downloads do without it.
  const { commit } = await import("@huggingface/hub");
  try {
    const output = await commit({
      repo: { type: repository.type, name: repository.id },
      title,
      parentCommit,
      hubUrl: hub.endpoint,
      // One protocol, whose every byte passes through `requestHub`.
      useXet: false,
      ...(signal && { abortSignal: signal }),
      fetch: hubFetch(hub, repository, onSent),
      operations: [
        ...paths.map((path) => ({
          operation: "addOrUpdate" as const,
          path,
          content: pathToFileURL(join(folder, path)),
        })),
        ...removed.map((path) => ({ operation: "delete" as const, path })),
      ],
    });
    const oid: unknown = output?.commit.oid;
    if (typeof oid !== "string" || !isCommit(oid)) throw new Error("the answer names no commit");
    report(totalBytes);
    return oid;
  } catch (error) {
    if (error instanceof OtrError) throw error;
    if (signal?.aborted) throw new RunError("HUB_STOPPED", `the upload to ${repository.id} was stopped`);
    const reason = plainText(error instanceof Error ? error.message : String(error));
    throw new RunError("HUB_FAILED", `cannot upload to ${pageUrl(hub, repository)}: ${reason}`, {
      cause: error,
    });
  }
}

/** The library's requests, with token, repetitions and errors of ours. It accepts tokens of one kind only, so it gets none. */
function hubFetch(hub: HubSettings, repository: Repository, onSent: (bytes: number) => void): typeof fetch {
  const subject = { purpose: `upload to ${repository.id}`, repository, revision: "main" };
  return (input, init = {}) => {
    const { method = "GET", body, headers, signal } = init;
    if (typeof body !== "string" && !(body instanceof Blob) && body !== undefined) {
      throw new TypeError("the library sends texts and blobs alone");
    }
    const url = input instanceof Request ? input.url : String(input);
    return requestHub(hub, url, subject, {
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
      ...(method === "PUT" && { onSent }),
      patience: Math.max(PATIENCE, hub.timeout),
    });
  };
}
