import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../errors.js";
import { writeFileAtomically } from "./write-file-atomically.js";

/** Where a folder is kept, and how to speak of it where that fails. */
export interface CachedFolderOptions {
  /** The folder of all of its kind. */
  readonly parent: string;
  /** What its name begins with, before a hash. */
  readonly prefix: string;
  /** What is kept, in words, and the code of the error. */
  readonly what: string;
  readonly code: string;
}

/**
 * A folder with files of these contents, named after a hash of them, so that another process or run finds it there.
 *
 * @throws {DataError} with the code that was given, where it cannot be written
 */
export async function cachedFolder(
  contents: ReadonlyMap<string, string | Buffer>,
  { parent, prefix, what, code }: CachedFolderOptions,
): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, content] of contents) hash.update(`${name}\0${content.length}\0`).update(content);
  const folder = join(parent, `${prefix}${hash.digest("hex").slice(0, 32)}`);
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of contents) await writeUnlessThere(join(folder, name), content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      code,
      `${what} cannot be kept in ${folder} (${reason}); set XDG_CACHE_HOME to a folder that can be written`,
      { cause: error },
    );
  }
  return folder;
}

async function writeUnlessThere(path: string, content: string | Buffer): Promise<void> {
  const found = await readFile(path).catch(() => null);
  if (!found?.equals(Buffer.from(content))) await writeFileAtomically(path, content);
}
