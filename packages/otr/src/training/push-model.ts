/** @file Uploads the folder of a finished model with a model card. */
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isRepositoryId } from "../config/hub-name.js";
import { shellQuote } from "../config/shell-quote.js";
import { DataError, RunError } from "../errors.js";
import { createRepository } from "../hub/create-repository.js";
import { type HubSettings, readHubSettings } from "../hub/hub-settings.js";
import { fileUrl, pageUrl, type Repository } from "../hub/repository.js";
import { listFiles, resolveCommit } from "../hub/repository-files.js";
import { requestText } from "../hub/request-text.js";
import { type UploadProgress, uploadFiles } from "../hub/upload-files.js";
import { baseModelOf, isAdapterFolder, readAdapterConfig } from "../models/adapter-files.js";
import { COMPANION_FILES } from "../models/companion-files.js";
import { shardNames } from "../models/weight-files.js";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import { isMadeCard, modelCard } from "./model-card.js";
import { requireHubBase } from "./require-hub-base.js";
import { readRunRecord, recordPush } from "./run-record.js";

/** Where a model goes. */
export interface PushTarget {
  readonly hub: HubSettings;
  readonly repository: Repository;
}

/** Which repository a model is uploaded to. */
export interface PushOptions {
  /** `org/name`, or `name` in the account's own namespace; null stands for the folder's name. */
  readonly hubModelId: string | null;
  /** Whether a repository that is made is private; null leaves it to the namespace. */
  readonly hubPrivateRepo: boolean | null;
}

/** Where a model was uploaded to. */
export interface PushedModel {
  /** `org/name`. */
  readonly repository: string;
  /** Its page. */
  readonly url: string;
  readonly commit: string;
}

/** How often it is asked whether to stop. */
const WATCH_MILLISECONDS = 200;
const CARD = "README.md";
const INDEX = "model.safetensors.index.json";
const WEIGHTS = ["model.safetensors", "adapter_model.safetensors"];
/** Everything that belongs to a model, and nothing else: run.json and the like name paths of this machine. */
const MODEL_FILES = [
  "config.json",
  "adapter_config.json",
  ...COMPANION_FILES,
  ...WEIGHTS,
  "value_head.safetensors",
];
const SHARD = /^model-\d+-of-\d+\.safetensors$/;

/**
 * Finds, or makes, the repository that a folder will be uploaded to.
 *
 * @throws {DataError} `HUB_ID_INVALID`; as `createRepository` does
 */
export async function preparePush(folder: string, options: PushOptions): Promise<PushTarget> {
  const name = options.hubModelId ?? basename(resolve(folder));
  if (!isRepositoryId(name)) {
    throw new DataError(
      "HUB_ID_INVALID",
      `the folder's name ${JSON.stringify(name)} cannot be the name of a repository; give one as --hub_model_id`,
    );
  }
  const hub = readHubSettings();
  return { hub, repository: await createRepository(hub, name, options.hubPrivateRepo) };
}

/**
 * Uploads a finished model: configuration, tokenizer, weights and card as one commit. The card `README.md` is made from
 * `run.json` and written into the folder; one that a person wrote, here or there, stays. Weights and tokenizer files of
 * an earlier upload that are not this model's are removed.
 *
 * @throws {DataError} as `checkModelFolder` and `requestHub` do
 * @throws {RunError} as `requestHub` does
 */
export async function pushModel(
  folder: string,
  { hub, repository }: PushTarget,
  options: { onProgress?: (progress: UploadProgress) => void; signal?: AbortSignal } = {},
): Promise<PushedModel> {
  const paths = await checkModelFolder(folder);
  const commit = await resolveCommit(hub, repository, "main");
  const there = (await listFiles(hub, repository, commit)).map(({ path }) => path);
  const removed = there.filter((path) => isModelFile(path) && !paths.includes(path));
  await writeCard(folder, repository);
  const isTheirs = there.includes(CARD) && !(await isCardMade(hub, repository, commit));
  const cardStays = isTheirs && isMadeCard(readFileSync(join(folder, CARD), "utf8"));
  const uploaded = await uploadFiles(hub, repository, {
    folder,
    paths: cardStays ? paths : [...paths, CARD],
    removed,
    parentCommit: commit,
    title: "Upload the model with one-token-rollout",
    ...options,
  });
  return { repository: repository.id, url: pageUrl(hub, repository), commit: uploaded };
}

/** How to watch and stop an upload, as a training run is. */
export interface PushWatch {
  readonly onEvent?: (event: { type: "upload" } & UploadProgress) => void;
  readonly shouldStop?: () => boolean;
}

/**
 * Uploads the model of a run that has ended, unless `run.json` says that this was done, and notes it there.
 *
 * @throws {RunError} `HUB_PUSH_FAILED`, with the command that uploads it again
 */
export async function pushFinishedRun(
  folder: string,
  target: PushTarget,
  { onEvent, shouldStop }: PushWatch,
): Promise<PushedModel> {
  const earlier = readRunRecord(folder)?.pushed;
  if (earlier?.repository === target.repository.id) return earlier;
  const stop = new AbortController();
  const watch = setInterval(() => shouldStop?.() && stop.abort(), WATCH_MILLISECONDS);
  try {
    const onProgress = (progress: UploadProgress) => onEvent?.({ type: "upload", ...progress });
    const pushed = await pushModel(folder, target, { onProgress, signal: stop.signal });
    await recordPush(folder, pushed);
    return pushed;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const again = `npx otr push ${shellQuote(folder)} --hub_model_id ${target.repository.id}`;
    throw new RunError(
      "HUB_PUSH_FAILED",
      `the model is finished and in ${folder}, but was not uploaded: ${reason}.\nUpload it with: ${again}`,
      { cause: error },
    );
  } finally {
    clearInterval(watch);
  }
}

/**
 * The files of a folder that are uploaded, the card aside.
 *
 * @throws {DataError} `MODEL_INCOMPLETE` where it has no weights; `HUB_BASE_LOCAL`, `ADAPTER_BASE_UNKNOWN`,
 *   `ADAPTER_CONFIG_INVALID` for an adapter of a model that others cannot find
 */
export async function checkModelFolder(folder: string): Promise<string[]> {
  if (isAdapterFolder(folder)) {
    const config = await readAdapterConfig(folder);
    // Another error where there is none.
    baseModelOf(folder, config);
    requireHubBase(config.baseModel!);
  }
  const present = MODEL_FILES.filter((name) => existsSync(join(folder, name)));
  if (present.some((name) => WEIGHTS.includes(name))) return present;
  if (!existsSync(join(folder, INDEX))) {
    throw new DataError(
      "MODEL_INCOMPLETE",
      `${folder} has no ${WEIGHTS.join(", ")} or ${INDEX}, so there is no model to upload; give the folder of a finished one`,
    );
  }
  return [...present, INDEX, ...shardNames(join(folder, INDEX))];
}

const isModelFile = (path: string): boolean =>
  MODEL_FILES.includes(path) || path === INDEX || SHARD.test(path);

/** Writes the card unless there is one that a person wrote. */
async function writeCard(folder: string, repository: Repository): Promise<void> {
  const path = join(folder, CARD);
  if (existsSync(path) && !isMadeCard(readFileSync(path, "utf8"))) return;
  await writeFileAtomically(
    path,
    modelCard(repository.id, readRunRecord(folder), existsSync(join(folder, "adapter_config.json"))),
  );
}

async function isCardMade(hub: HubSettings, repository: Repository, commit: string): Promise<boolean> {
  const subject = { purpose: `read the card of ${repository.id}`, repository, revision: commit };
  const { text } = await requestText(hub, fileUrl(hub, repository, commit, CARD), subject);
  return isMadeCard(text);
}
