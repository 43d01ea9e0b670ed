/** @file From a folder, or the id of a model or an adapter on the Hub, to a folder here. */
import { basename, join } from "node:path";
import { hubModelName } from "../config/hub-name.js";
import { DataError } from "../errors.js";
import { ggufParts } from "../gguf/gguf-parts.js";
import { plainText } from "../hub/hub-errors.js";
import { type HubSettings, readHubSettings } from "../hub/hub-settings.js";
import { pageUrl, repositoryOf } from "../hub/repository.js";
import { type DownloadProgress, fetchFiles, openSnapshot, type Snapshot } from "../hub/snapshot.js";
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from "./adapter-files.js";
import { COMPANION_FILES, TOKENIZER_FILES } from "./companion-files.js";
import { nameFew } from "./name-few.js";
import { shardNames } from "./weight-files.js";

/** Where on the Hub a model is from. */
export interface ModelOrigin {
  /** `org/name`. */
  readonly repository: string;
  /** What was asked for: a branch, a tag or a commit. */
  readonly revision: string;
  /** What it stood for, 40 hexadecimal digits. */
  readonly commit: string;
  /** The path of a GGUF file in the repository. */
  readonly file?: string;
}

/** The name by which a model of the Hub is found: `org/name`, or `org/name/file.gguf`. */
export const hubNameOf = ({ repository, file }: ModelOrigin): string =>
  file === undefined ? repository : `${repository}/${file}`;

/** Where a model or an adapter is on this machine. */
export interface LocatedModel {
  /** The folder of the model or adapter, or a GGUF file. */
  readonly path: string;
  /** Null for a local path. */
  readonly origin: ModelOrigin | null;
  /** Sentences for the person. */
  readonly notes: readonly string[];
}

/** What is wanted of a model of the Hub. */
export interface LocateModelOptions {
  /** A branch, a tag or a commit of the Hub; default `main`. */
  readonly revision?: string;
  /** Whether the weights are needed too; default true. */
  readonly weights?: boolean;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

const CONFIG = "config.json";
const WEIGHTS = "model.safetensors";
const INDEX = "model.safetensors.index.json";
/** The card tells the licence. */
const CARD = "README.md";
/** Files without which no model can be loaded. */
const REQUIRED = [CONFIG, "tokenizer.json"];

/**
 * The folder of a model: a local one as it is, one of the Hub in the Hugging Face cache. Downloaded is what the cache does
 * not hold of configuration, tokenizer, chat template and safetensors weights (one set of them), or the GGUF file named,
 * with the other parts of it.
 *
 * @throws {DataError} `HUB_NOT_A_MODEL` for a repository without the files of a model; as `openSnapshot` and `fetchFiles` do
 */
export function locateModel(nameOrPath: string, options: LocateModelOptions = {}): Promise<LocatedModel> {
  return locate(nameOrPath, options, fetchModel);
}

/**
 * The same for an adapter, in PEFT's files.
 *
 * @throws {DataError} as `locateModel` does
 */
export function locateAdapter(nameOrPath: string, options: LocateModelOptions = {}): Promise<LocatedModel> {
  return locate(nameOrPath, options, fetchAdapter);
}

/**
 * The same for either.
 *
 * @throws {DataError} as `locateModel` does
 */
export function locateModelOrAdapter(
  nameOrPath: string,
  options: LocateModelOptions = {},
): Promise<LocatedModel> {
  return locate(nameOrPath, options, (wanted) => {
    const { paths } = wanted.snapshot;
    // Some adapters have their base model's config.json beside them.
    const isAdapter = paths.includes(ADAPTER_CONFIG) && !paths.includes(WEIGHTS) && !paths.includes(INDEX);
    return isAdapter ? fetchAdapter(wanted) : fetchModel(wanted);
  });
}

/** What is fetched of a snapshot. */
interface Wanted {
  readonly hub: HubSettings;
  readonly snapshot: Snapshot;
  readonly weights: boolean;
  readonly onProgress: LocateModelOptions["onProgress"];
}

async function locate(
  nameOrPath: string,
  { revision = "main", weights = true, onProgress }: LocateModelOptions,
  fetch: (wanted: Wanted) => Promise<void>,
): Promise<LocatedModel> {
  const name = hubModelName(nameOrPath);
  if (name === null) return { path: nameOrPath, origin: null, notes: [] };
  const { id, file } = name;
  const hub = readHubSettings();
  const snapshot = await openSnapshot(hub, repositoryOf("model", id), revision);
  const origin = { repository: id, revision, commit: snapshot.commit, ...(file !== null && { file }) };
  const { folder, notes } = snapshot;
  if (file === null) await fetch({ hub, snapshot, weights, onProgress });
  else await fetchFiles(hub, snapshot, allParts(id, file), onProgress);
  return { path: file === null ? folder : join(folder, file), origin, notes };
}

/** The files of the GGUF model that `file` is the first, or only, part of. */
function allParts(id: string, file: string): string[] {
  const parts = ggufParts(file);
  if (parts[0] === file) return parts;
  throw new DataError(
    "HUB_NOT_A_MODEL",
    `${id}/${file} is a part of a model in several files; name the first of them, which the others are fetched with`,
  );
}

async function fetchModel({ hub, snapshot, weights, onProgress }: Wanted): Promise<void> {
  const { folder, paths } = snapshot;
  const isSharded = !paths.includes(WEIGHTS) && paths.includes(INDEX);
  requireFiles(hub, snapshot, [...REQUIRED, ...(weights && !isSharded ? [WEIGHTS] : [])]);
  const description = [CONFIG, ...COMPANION_FILES, CARD, ...(isSharded ? [INDEX] : [])];
  await fetchFiles(hub, snapshot, present(snapshot, description));
  if (!weights) return;
  const files = isSharded ? shardNames(join(folder, INDEX)) : [WEIGHTS];
  await fetchFiles(hub, snapshot, files, onProgress);
}

async function fetchAdapter({ hub, snapshot, weights, onProgress }: Wanted): Promise<void> {
  requireFiles(hub, snapshot, [ADAPTER_CONFIG, ADAPTER_WEIGHTS]);
  await fetchFiles(hub, snapshot, present(snapshot, [ADAPTER_CONFIG, ...TOKENIZER_FILES, CARD]));
  if (weights) await fetchFiles(hub, snapshot, [ADAPTER_WEIGHTS], onProgress);
}

const present = ({ paths }: Snapshot, names: readonly string[]): string[] =>
  names.filter((name) => paths.includes(name));

function requireFiles(hub: HubSettings, snapshot: Snapshot, names: readonly string[]): void {
  const { paths, repository, commit } = snapshot;
  const absent = names.filter((name) => !paths.includes(name));
  if (absent.length === 0) return;
  if (snapshot.listing === null) {
    throw new DataError(
      "HUB_OFFLINE",
      `the cache holds no ${absent.join(", ")} of ${repository.id} at commit ${commit}, and HF_HUB_OFFLINE forbids to ` +
        "download it. Unset it once",
    );
  }
  throw new DataError(
    "HUB_NOT_A_MODEL",
    `${pageUrl(hub, repository)} has no ${absent.join(", ")} at commit ${commit}. ${advice(snapshot)}`,
  );
}

function advice({ paths, repository }: Snapshot): string {
  const gguf = paths.filter((path) => /\.gguf$/i.test(path) && ggufParts(path)[0] === path);
  if (gguf.length > 0)
    return `It has GGUF files; name one: ${nameFew(gguf.map((path) => plainText(`${repository.id}/${path}`)))}`;
  if (paths.includes(ADAPTER_CONFIG)) {
    return "It holds an adapter; give its base model here, and it as adapter_name_or_path";
  }
  if (paths.some((path) => /\.(bin|pt|pth)$/.test(basename(path)))) {
    return "Its weights are pickled, which can run code; its branch refs/pr/N may have safetensors (see Community there)";
  }
  return "Give a repository that holds a model as transformers saves it";
}
