/** @file Random wrong calls in processes of their own: each returns or throws a TorchError, none ends its process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const child = fileURLToPath(new URL("fuzz-child.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "otr-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Outcomes of a run, each with the number of calls that ended so. */
function outcomes(seed: number, count: number): Record<string, number> {
  const journal = join(folder, "journal");
  // A call may ask for more memory than there is; it must get an error, not the machine.
  const command = `ulimit -v 4000000; exec "${process.execPath}" "${child}" ${seed} 0 ${count} "${journal}"`;
  const run = spawnSync("sh", ["-c", command], {
    cwd: folder,
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    encoding: "utf8",
    timeout: 300_000,
  });
  const lastCall = readFileSync(journal, "utf8").split("\n")[0];
  expect(`${run.status} ${run.signal ?? ""} ${run.stderr.slice(-500)}`, lastCall).toMatch(/^0 /);
  // Operators print to standard output too: the outcomes are its last line.
  return JSON.parse(run.stdout.trimEnd().split("\n").at(-1)!);
}

it.each([[1, 10_000], ...Array.from({ length: 10 }, (_, i) => [i + 2, 2_000])])(
  "seed %i: survives %i random wrong calls",
  (seed, count) => {
    const ended = outcomes(seed, count);
    expect(Object.values(ended).reduce((sum, calls) => sum + calls, 0)).toBe(count);
    expect(ended.returned).toBeGreaterThan(count * 0.2);
    expect(ended.returned).toBeLessThan(count * 0.5);
    for (const code of [
      "TORCH_OPERATOR",
      "TORCH_ARGUMENT_TYPE",
      "TORCH_ARGUMENT_COUNT",
      "TORCH_ARGUMENT_VALUE",
    ]) {
      expect(ended[code], code).toBeGreaterThan(count * 0.02);
    }
  },
);
