/** @file A repository of the Hub: its addresses, and the name of its folder in the cache. */
import { isRepositoryId } from "../config/hub-name.js";
import { DataError } from "../errors.js";
import type { HubSettings } from "./hub-settings.js";

/** A repository of the Hub. */
export interface Repository {
  readonly type: "model" | "dataset";
  /** `org/name`; old data sets have a name alone. */
  readonly id: string;
}

/**
 * @throws {DataError} `HUB_ID_INVALID`
 */
export function repositoryOf(type: Repository["type"], id: string): Repository {
  if (isRepositoryId(id)) return { type, id };
  throw new DataError(
    "HUB_ID_INVALID",
    `${JSON.stringify(id)} is no id of the Hugging Face Hub, which looks like org/name: letters, digits, "-", "_" and "."`,
  );
}

/** What people call it: `the data set org/name`. */
export const describeRepository = ({ type, id }: Repository): string =>
  `the ${type === "dataset" ? "data set" : "model"} ${id}`;

/** The name of its folder in the cache: `models--org--name`. */
export const cacheName = ({ type, id }: Repository): string => [`${type}s`, ...id.split("/")].join("--");

/** The address of its page, where conditions are accepted. */
export const pageUrl = ({ endpoint }: HubSettings, { type, id }: Repository): string =>
  `${endpoint}/${type === "dataset" ? "datasets/" : ""}${id}`;

/** The address under which the Hub's API knows it. */
export const apiUrl = ({ endpoint }: HubSettings, { type, id }: Repository): string =>
  `${endpoint}/api/${type}s/${id}`;

/** The address of a file at a commit. */
export function fileUrl(hub: HubSettings, repository: Repository, commit: string, path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return `${pageUrl(hub, repository)}/resolve/${encodeURIComponent(commit)}/${encoded}`;
}
