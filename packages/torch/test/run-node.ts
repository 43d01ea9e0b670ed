import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The compiled package: a process of its own cannot read TypeScript. */
export const compiledPackage = new URL("../dist/index.js", import.meta.url);
if (!existsSync(compiledPackage))
  throw new Error("packages/torch/dist is missing: run `npm run setup` first");

/**
 * Runs an ES module in a process of its own; `torch` is the compiled package.
 *
 * @returns what it wrote and its exit status (null when a signal ended it)
 */
export function runNode(
  source: string,
  { flags = [], env = {} }: { flags?: readonly string[]; env?: Record<string, string> } = {},
): { status: number | null; signal: string | null; stdout: string; stderr: string } {
  const module = `import * as torch from ${JSON.stringify(compiledPackage.href)};\n${source}`;
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, "--input-type=module", "--eval", module],
    { encoding: "utf8", env: { ...process.env, ...env } },
  );
  return { status, signal, stdout, stderr };
}
