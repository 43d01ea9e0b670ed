import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { modelFingerprint } from "../models/model-fingerprint.js";

/** The name of the folder with the measurements of a base model, which no other model has. */
export function baseFolderName(model: string, nameOrPath: string): string {
  const identity = existsSync(nameOrPath) ? modelFingerprint(nameOrPath) : nameOrPath;
  return `${model}-${createHash("sha256").update(identity).digest("hex").slice(0, 8)}`;
}
