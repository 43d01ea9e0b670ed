/** @file Tells models apart without reading all of their weights. */
import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { isGgufFile } from "../config/is-gguf-file.js";

/** What is read of the beginning and of the end of a file. */
const SAMPLE_BYTES = 2 ** 20;

/**
 * A hash of a model folder, or GGUF file: of `config.json`, and of the size, the first and the last mebibyte of each file
 * of weights. Training changes every one of them.
 */
export function modelFingerprint(path: string): string {
  const hash = createHash("sha256");
  if (isGgufFile(path)) addFile(hash, path);
  else {
    const names = readdirSync(path).filter(
      (name) => name === "config.json" || /^model.*\.safetensors(\.index\.json)?$/.test(name),
    );
    for (const name of names.sort()) {
      hash.update(`${name}\n`);
      addFile(hash, join(path, name));
    }
  }
  return hash.digest("hex");
}

function addFile(hash: Hash, path: string): void {
  const { size } = statSync(path);
  hash.update(`${size}\n`);
  const sample = Buffer.alloc(Math.min(size, SAMPLE_BYTES));
  const descriptor = openSync(path, "r");
  try {
    for (const start of [0, size - sample.length]) {
      hash.update(sample.subarray(0, readSync(descriptor, sample, 0, sample.length, start)));
    }
  } finally {
    closeSync(descriptor);
  }
}
