/** @file What makes a checkpoint complete: the size and hash of each of its files, written last. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const MANIFEST = "manifest.json";

/** Of `manifest.json`, and of the weights in `run.json`. */
export const fileSchema = z.strictObject({
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const manifestSchema = z.strictObject({
  format: z.literal(1),
  run_id: z.string(),
  step: z.int().min(0),
  files: z.record(z.string().regex(/^[^/\\]+$/), fileSchema),
  /** Of all the above, as JSON without spaces. */
  checksum: z.string(),
});

/** Size and hash of a file. */
export type FileDescription = z.output<typeof fileSchema>;

/** The run and the step of a checkpoint, and its files by name. */
export type Manifest = z.output<typeof manifestSchema>;

const checksumOf = ({ checksum: _, ...content }: Manifest): string =>
  createHash("sha256").update(JSON.stringify(content)).digest("hex");

/** Hashes the files of a folder, which are all of its files. */
export function makeManifest(folder: string, about: Pick<Manifest, "run_id" | "step">): Manifest {
  const names = readdirSync(folder).sort();
  const files = Object.fromEntries(names.map((name) => [name, describeFile(join(folder, name))]));
  const manifest = { format: 1, run_id: about.run_id, step: about.step, files, checksum: "" } as const;
  return { ...manifest, checksum: checksumOf(manifest) };
}

/**
 * The manifest of a checkpoint, or what is wrong with it.
 *
 * A folder without one is no checkpoint: a save that ended half-way has none.
 */
export function readManifest(folder: string): Manifest | { readonly problem: string } {
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")));
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { problem: isMissing ? `it has no ${MANIFEST}` : `its ${MANIFEST} is damaged` };
  }
  return manifest.checksum === checksumOf(manifest) ? manifest : { problem: `its ${MANIFEST} is damaged` };
}

/** What differs between the files of a folder and what was written down of them; null where nothing does. Reads all of them. */
export function findDamage(folder: string, { files }: Pick<Manifest, "files">): string | null {
  for (const [name, { size, sha256 }] of Object.entries(files)) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (!found?.isFile()) return `${name} is missing`;
    if (found.size !== size) return `${name} has ${found.size} bytes instead of ${size}`;
    if (describeFile(join(folder, name)).sha256 !== sha256) return `${name} has changed since it was written`;
  }
  return null;
}

/** Read at once. */
const BLOCK = 2 ** 20;

/** Size and SHA-256 of a file, read in blocks. */
export function describeFile(path: string): FileDescription {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(BLOCK);
  const descriptor = openSync(path, "r");
  try {
    let size = 0;
    for (;;) {
      const count = readSync(descriptor, block);
      if (count === 0) return { size, sha256: hash.digest("hex") };
      hash.update(block.subarray(0, count));
      size += count;
    }
  } finally {
    closeSync(descriptor);
  }
}
