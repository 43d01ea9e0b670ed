/** @file One way to say where a model is: its folder, or a GGUF file. */
import { realpathSync, statSync } from "node:fs";
import { isGgufFile } from "../config/is-gguf-file.js";
import { ggufCacheFolder, unpackGguf } from "./unpack-gguf.js";

/** Folders by what tells one state of a file from another: training asks for the same one several times. */
const unpacked = new Map<string, Promise<string>>();

/**
 * The folder with a model's configuration, tokenizer and chat template: the folder itself, or one in the user's cache
 * that a GGUF file was unpacked to.
 *
 * @throws {DataError} `GGUF_NOT_FOUND`, `GGUF_INVALID`, `GGUF_UNSUPPORTED`, `GGUF_CACHE_FAILED`
 */
export function modelFolder(path: string): Promise<string> {
  if (!isGgufFile(path)) return Promise.resolve(path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return unpackGguf(path);
  const state = [ggufCacheFolder(), realpathSync(path), stats.size, stats.mtimeMs].join(":");
  const known = unpacked.get(state);
  if (known) return known;
  const folder = unpackGguf(path);
  unpacked.set(state, folder);
  folder.catch(() => unpacked.delete(state));
  return folder;
}
