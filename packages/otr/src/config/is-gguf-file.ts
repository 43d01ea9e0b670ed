import { closeSync, openSync, readSync, statSync } from "node:fs";

/**
 * Whether a path is meant as a GGUF file: by its name, or by how the file begins. (Ollama keeps such files under names
 * that do not tell.) Never throws.
 */
export function isGgufFile(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return false;
    return /\.gguf$/i.test(path) || (stats?.isFile() === true && beginsAsGguf(path));
  } catch {
    return false;
  }
}

function beginsAsGguf(path: string): boolean {
  const descriptor = openSync(path, "r");
  try {
    const start = Buffer.alloc(4);
    return readSync(descriptor, start, 0, 4, 0) === 4 && start.toString("latin1") === "GGUF";
  } finally {
    closeSync(descriptor);
  }
}
