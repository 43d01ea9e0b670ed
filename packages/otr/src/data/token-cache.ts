/** @file Which file of the cache holds the tokens of a data set, and how the cache stays within bounds. */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "@one-token/torch/setup";
import type { EncodingOptions } from "./encode-block.js";
import type { Tokenizer } from "./tokenizer.js";
import { UNFINISHED } from "./write-token-store.js";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** To be raised whenever the same row would become other tokens, or another account of them. */
const ENCODING_VERSION = 6;

/** The cache holds no more than this, unless one data set alone does. */
export const TOKEN_CACHE_BYTES = 10 * 1024 ** 3;

/** A file that has not been finished for so long never will be. */
const ABANDONED_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Where the tokens of data sets are kept between runs: a folder in the user's cache. */
export function tokenCacheFolder(): string {
  return join(cacheFolder(), "tokens");
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function fileFingerprint(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}

/** The fingerprint of a data set of several files: of one, that of the file. */
export function joinFingerprints(fingerprints: readonly string[]): string {
  if (fingerprints.length === 1) return fingerprints[0]!;
  return createHash("sha256").update(fingerprints.join("\n")).digest("hex");
}

/**
 * The name of the file that holds the tokens of a data set: a SHA-256 of everything that they depend on.
 * @param formats what each of the files is read as, and which part of it
 */
export function tokenCacheName(
  fingerprint: string,
  formats: readonly string[],
  tokenizer: Tokenizer,
  options: EncodingOptions,
): string {
  const template = templateOf(tokenizer, options.chatTemplatePath);
  const dependencies = [
    [ENCODING_VERSION, version],
    [fingerprint, formats, options.columns],
    tokenizer.fingerprint,
    template,
    // Such a template writes another text every day.
    template?.includes("strftime_now") ? new Date().toDateString() : null,
    [options.maxLength, options.truncationMode, options.completionOnlyLoss, options.assistantOnlyLoss],
  ];
  return createHash("sha256").update(JSON.stringify(dependencies)).digest("hex");
}

/** Null where there is none, or none that can be read: rows that need one are then an error. */
function templateOf(tokenizer: Tokenizer, path: string | null): string | null {
  if (path === null) return tokenizer.chatTemplate;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** Marks a file of the cache as used just now. Another user's may not allow it, which does no harm. */
export async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}

/**
 * Deletes what was used longest ago until the folder holds at most `limit` bytes, and what was left unfinished by
 * programs that were killed. Whoever has one of the files open can go on reading it.
 * @param kept the name of a file that stays
 */
export async function trimTokenCache(folder: string, kept: string, limit = TOKEN_CACHE_BYTES): Promise<void> {
  const files = await filesOf(folder);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { name, size, used } of files.sort((a, b) => a.used - b.used)) {
    const isAbandoned = name.endsWith(UNFINISHED) && Date.now() - used > ABANDONED_MILLISECONDS;
    const isSurplus = total > limit && name !== kept && !name.endsWith(UNFINISHED);
    if (!isAbandoned && !isSurplus) continue;
    await rm(join(folder, name), { force: true });
    total -= size;
  }
}

/** Size of the cache in bytes, and how many data sets it holds. */
export async function measureTokenCache(folder: string): Promise<{ bytes: number; dataSets: number }> {
  const files = await filesOf(folder);
  return {
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    dataSets: files.filter(({ name }) => !name.endsWith(UNFINISHED)).length,
  };
}

/** Another process may delete files meanwhile. */
async function filesOf(folder: string): Promise<{ name: string; size: number; used: number }[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.map(async (name) => {
    const stats = await stat(join(folder, name)).catch(() => null);
    return stats?.isFile() ? [{ name, size: stats.size, used: stats.mtimeMs }] : [];
  });
  return (await Promise.all(files)).flat();
}
