/** @file A data set of the Hub as whoever reads rows needs it: names of files, and the files. */
import { readHubSettings } from "./hub-settings.js";
import { repositoryOf } from "./repository.js";
import { type DownloadProgress, fetchFiles, openSnapshot } from "./snapshot.js";

/** A data set of the Hub at one commit. */
export interface HubDataset {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** Every file of the repository, its parts set apart by `/`. */
  readonly paths: readonly string[];
  /** Sentences for the person. */
  readonly notes: readonly string[];
  /** Downloads those of the files that the cache does not hold; returns where each of them lies. */
  fetch(paths: readonly string[]): Promise<readonly string[]>;
}

/**
 * Finds a data set of the Hub; its files are downloaded when they are fetched.
 *
 * @param id `org/name`, or `name` alone for old data sets
 * @param revision a branch, a tag or a commit
 * @throws {DataError} `HUB_ID_INVALID`; as `openSnapshot` and, where files are fetched, `fetchFiles` do
 */
export async function openHubDataset(
  id: string,
  revision: string,
  onProgress?: (progress: DownloadProgress) => void,
): Promise<HubDataset> {
  const repository = repositoryOf("dataset", id);
  const hub = readHubSettings();
  const snapshot = await openSnapshot(hub, repository, revision);
  const { commit, paths, notes } = snapshot;
  return { commit, paths, notes, fetch: (wanted) => fetchFiles(hub, snapshot, wanted, onProgress) };
}
