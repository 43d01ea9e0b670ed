/**
 * @file Checks of the files and folders that options name, before anything is loaded or written. Each check
 * returns what is wrong and what to do, or null.
 */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmdirSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { closest } from "./closest.js";
import { isGgufFile } from "./is-gguf-file.js";
import { nearestExisting } from "./nearest-existing.js";
import { listWords } from "./describe-options.js";

/** Bytes that Linux takes, less some in a path for the names of the files inside. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4000;

/** A GGUF file that can be read, or a folder with `config.json`, `tokenizer.json` and safetensors weights. */
export function checkModelFolder(path: string): string | null {
  const stats = status(path);
  if (stats === null) return missing(path, "a model folder or GGUF file");
  if (!stats.isDirectory()) {
    if (isGgufFile(path)) return checkTextFile(path);
    return `${path} is a file. Give the folder that holds config.json, or a GGUF file.`;
  }
  const names = namesIn(path);
  if (names === null) return `the folder ${path} cannot be read. Check its permissions.`;
  const absent = ["config.json", "tokenizer.json"].filter((name) => !names.includes(name));
  const hasWeights = names.includes("model.safetensors") || names.includes("model.safetensors.index.json");
  if (!hasWeights) absent.push("model.safetensors");
  if (absent.length === 0) return null;
  return `the folder ${path} has no ${listWords(absent)}. ${modelAdvice(names, absent)}`;
}

/** A folder with an adapter in PEFT's files. */
export function checkAdapterFolder(path: string): string | null {
  const stats = status(path);
  if (stats === null) return missing(path, "an adapter");
  if (!stats.isDirectory()) return `${path} is a file. Give the folder that holds adapter_config.json.`;
  const names = namesIn(path);
  if (names === null) return `the folder ${path} cannot be read. Check its permissions.`;
  const absent = ["adapter_config.json", "adapter_model.safetensors"].filter((name) => !names.includes(name));
  return absent.length === 0
    ? null
    : `the folder ${path} has no ${listWords(absent)}. Give one that holds an adapter.`;
}

/** A folder with a model, or with an adapter, which names its model. */
export function checkModelOrAdapterFolder(path: string): string | null {
  return existsSync(join(path, "adapter_config.json")) ? checkAdapterFolder(path) : checkModelFolder(path);
}

/** A file that can be read and is not empty, or a pipe (opening that one here would end its writer). */
export function checkTextFile(path: string): string | null {
  const stats = status(path);
  if (stats === null) return missing(path, "a file");
  if (stats.isDirectory()) return `${path} is a folder. Give a file.`;
  if (stats.isFIFO()) return null;
  if (!stats.isFile()) return `${path} is a device or a socket. Give a file.`;
  if (!canRead(path)) return `${path} cannot be read. Check its permissions.`;
  if (stats.size === 0) return `${path} is empty. Give a file with content.`;
  return null;
}

/** Files that a run writes. */
const WRITTEN = [
  "run.json",
  "metrics.jsonl",
  "samples.jsonl",
  "tokens.jsonl",
  "loggers.json",
  "profile.json",
  "config.json",
  "generation_config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
];

/** A folder that can be written or made. */
export function checkWrittenFolder(path: string): string | null {
  if (path.includes("\0")) return "the name holds a null character, which no folder can have. Remove it.";
  const tooLong = resolve(path)
    .split(sep)
    .some((name) => Buffer.byteLength(name) > LONGEST_NAME);
  if (tooLong || Buffer.byteLength(resolve(path)) > LONGEST_PATH) {
    return `the name is too long: a folder's has at most ${LONGEST_NAME} bytes, a path ${LONGEST_PATH}. Shorten it.`;
  }
  const ancestor = nearestExisting(path);
  if (status(ancestor)?.isDirectory() !== true) return `${ancestor} is a file. Choose a folder.`;
  if (!canWrite(ancestor)) {
    return `${ancestor} cannot be written to. Choose another folder, or change its permissions.`;
  }
  return null;
}

/** A folder that can be written or made, and holds no model but that of an earlier run. */
export function checkOutputFolder(path: string): string | null {
  const problem = checkWrittenFolder(path);
  if (problem !== null) return problem;
  const names = nearestExisting(path) === resolve(path) ? (namesIn(path) ?? []) : [];
  const inTheWay = WRITTEN.find((name) => names.includes(name) && status(join(path, name))?.isDirectory());
  if (inTheWay !== undefined) {
    return `${join(path, inTheWay)} is a folder, where a file of that name would be written. Choose another folder, or move it.`;
  }
  const model = names.find((name) => name === "config.json" || name.endsWith(".safetensors"));
  if (model === undefined || names.includes("run.json")) return null;
  return `${path} holds a model (${model}) of which no run.json tells, and it would be overwritten. Choose another folder.`;
}

/** A folder that can be written or made, and holds no model and no run, whose record would then tell of another model. */
export function checkMergedFolder(path: string): string | null {
  if (!existsSync(join(path, "run.json"))) return checkOutputFolder(path);
  return `${path} holds a run (run.json), whose model would be overwritten. Choose another folder.`;
}

/** A file that can be written, in a folder that is there. */
export function checkWrittenFile(path: string): string | null {
  const folder = dirname(resolve(path));
  if (status(folder)?.isDirectory() !== true)
    return `the folder ${folder} does not exist. Make it, or choose another.`;
  if (status(path)?.isDirectory()) return `${path} is a folder. Give the name of a file.`;
  return canWrite(folder) ? null : `${folder} cannot be written to. Choose another folder.`;
}

/** What the system says of a path; null where it does not exist. */
export function status(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** The names in a folder; null where it cannot be read. */
export function namesIn(folder: string): string[] | null {
  try {
    return readdirSync(folder);
  } catch {
    return null;
  }
}

/** Tries it: permissions say nothing of read-only disks, `/proc` or what root may not do after all. */
function canWrite(folder: string): boolean {
  try {
    rmdirSync(mkdtempSync(join(folder, ".otr-")));
    return true;
  } catch {
    return false;
  }
}

function canRead(path: string): boolean {
  try {
    closeSync(openSync(path, "r"));
    return true;
  } catch {
    return false;
  }
}

/** Says that a path does not exist, and whether it looks like a mistyped name. */
export function missing(path: string, what: string): string {
  const neighbour = closest(path.split("/").at(-1) ?? "", namesIn(dirname(path)) ?? []);
  if (neighbour !== null) return `${path} does not exist. Did you mean ${join(dirname(path), neighbour)}?`;
  return `${path} does not exist. Give ${what} that exists (relative paths start at ${process.cwd()}).`;
}

function modelAdvice(names: readonly string[], absent: readonly string[]): string {
  if (names.includes("adapter_config.json")) {
    return "It holds a LoRA adapter: give it as adapter_name_or_path, or what otr merge makes of it and its base model.";
  }
  const gguf = names.find((name) => /\.gguf$/i.test(name));
  if (gguf !== undefined) return `It holds ${gguf}; give that file itself.`;
  if (absent.includes("model.safetensors") && names.some((name) => /\.(bin|pt|pth)$/.test(name))) {
    return "Its weights are pickled; load and save the model once with transformers to get safetensors.";
  }
  if (absent.length === 1 && absent[0] === "tokenizer.json") {
    return "Load and save its tokenizer once with transformers (AutoTokenizer) to get tokenizer.json.";
  }
  return "Give a complete model folder, as transformers' save_pretrained writes it.";
}
