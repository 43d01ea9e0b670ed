/** @file Finds the reference material that lies beside the project; tests that need it skip aloud without it. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = process.env.OTR_SHARED ?? resolve(fileURLToPath(new URL("../../../../shared", import.meta.url)));

/** Whether the reference material is present. */
export const hasShared = existsSync(join(root, "reference"));
if (!hasShared) console.warn(`SKIPPED: no reference material at ${root} (set OTR_SHARED to its folder)`);

/** Absolute path of a file of the reference material. */
export const shared = (path: string): string => join(root, path);
