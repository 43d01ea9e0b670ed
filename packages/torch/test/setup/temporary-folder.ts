import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that is removed when the running test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "otr-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files, given by their paths below `folder`, with the folders they need. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Puts a shell script named `name` into `folder`. */
export function writeProgram(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** The files that make a folder pass for an installed wheel of torch. */
export function wheelFiles(version: string): Record<string, string> {
  return {
    "torch/version.py": `__version__ = '${version}'\n`,
    "torch/lib/libtorch_cpu.so": "",
    "torch/lib/libc10.so": "",
    "torch/include/ATen/ATen.h": "",
    "nvidia/cu13/lib/libcudart.so.13": "",
    "nvidia/cu13/lib/libcupti.so.13": "",
  };
}
