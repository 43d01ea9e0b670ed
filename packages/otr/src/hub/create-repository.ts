/** @file Makes the repository that a model is uploaded to. */
import { z } from "zod";
import { DataError } from "../errors.js";
import { refusal } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import { requestJson } from "./request-json.js";
import { apiUrl, pageUrl, type Repository, repositoryOf } from "./repository.js";
import { requestHub } from "./request-hub.js";

const accountSchema = z.looseObject({ name: z.string() });
const visibilitySchema = z.looseObject({ private: z.boolean() });

/**
 * Makes a repository for a model unless there is one that the token may write to; `name` alone is put into the namespace
 * of the token's account.
 *
 * @param isPrivate null leaves it to the namespace. One that exists already stays as it is, but is refused where it should
 *   be private and is not.
 * @throws {DataError} `HUB_TOKEN_MISSING`, `HUB_OFFLINE`, `HUB_REPOSITORY_PUBLIC`; {@link DataError}, {@link RunError} as
 *   `requestHub` does
 */
export async function createRepository(
  hub: HubSettings,
  name: string,
  isPrivate: boolean | null,
): Promise<Repository> {
  requireAccess(hub, name);
  const id = name.includes("/") ? name : `${await accountName(hub)}/${name}`;
  const repository = repositoryOf("model", id);
  const [organization, repositoryName] = id.split("/");
  const visibility = isPrivate === null ? {} : { visibility: isPrivate ? "private" : "public" };
  const subject = { purpose: `make the repository ${id}`, repository };
  const response = await requestHub(hub, `${hub.endpoint}/api/repos/create`, subject, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type: "model", name: repositoryName, organization, ...visibility }),
    // 409: it exists. The others are also the answers for one that exists, to a token that may write to it but make none.
    accepts: [401, 402, 403, 409],
  });
  await response.body?.cancel();
  if (!response.ok && !(await isWritable(hub, repository)))
    throw refusal(hub, response, { purpose: subject.purpose });
  if (isPrivate) await requirePrivate(hub, repository);
  return repository;
}

function requireAccess(hub: HubSettings, name: string): void {
  if (hub.offline) {
    throw new DataError("HUB_OFFLINE", `cannot upload to ${name}, because HF_HUB_OFFLINE is set. Unset it`);
  }
  if (hub.token !== null) return;
  throw new DataError(
    "HUB_TOKEN_MISSING",
    `cannot upload to ${name} without a token. Make one that may write at ${hub.endpoint}/settings/tokens and set HF_TOKEN ` +
      "to it, or run `hf auth login`",
  );
}

async function accountName(hub: HubSettings): Promise<string> {
  const subject = { purpose: "find out whose the token is" };
  const { value } = await requestJson(hub, `${hub.endpoint}/api/whoami-v2`, subject, accountSchema);
  return value.name;
}

/**
 * Whether there is a repository that the token may write to: it is asked how a small file would have to be sent, which the
 * Hub tells those alone who may commit to the branch. The request is that of `_fetch_upload_modes` in huggingface_hub
 * (`_commit_api.py`, 2.4), which each of its commits begins with; its `create_repo` only looks whether there is a
 * repository.
 *
 * @throws {DataError} `HUB_FORBIDDEN` where the token may only read it
 */
async function isWritable(hub: HubSettings, repository: Repository): Promise<boolean> {
  const subject = { purpose: `write to ${repository.id}`, repository, revision: "main" };
  const response = await requestHub(hub, `${apiUrl(hub, repository)}/preupload/main`, subject, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ files: [{ path: "README.md", size: 1, sample: btoa("#") }] }),
    accepts: [401, 404],
  });
  await response.body?.cancel();
  return response.ok;
}

async function requirePrivate(hub: HubSettings, repository: Repository): Promise<void> {
  const subject = { purpose: `find out who sees ${repository.id}`, repository };
  const { value } = await requestJson(hub, apiUrl(hub, repository), subject, visibilitySchema);
  if (value.private) return;
  throw new DataError(
    "HUB_REPOSITORY_PUBLIC",
    `hub_private_repo is true, but ${repository.id} exists already and everyone sees it; make it private at ` +
      `${pageUrl(hub, repository)}/settings, or give another hub_model_id`,
  );
}
