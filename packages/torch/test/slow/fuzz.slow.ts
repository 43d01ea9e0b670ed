/** @file 10,000 random wrong calls in a process of its own: each returns or throws a TorchError, none ends it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const child = fileURLToPath(new URL("fuzz-child.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "otr-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("survives 10,000 random wrong calls", () => {
  const journal = join(folder, "journal");
  // A call may ask for more memory than there is; it must get an error, not the machine.
  const command = `ulimit -v 4000000; exec "${process.execPath}" "${child}" 1 0 10000 "${journal}"`;
  const run = spawnSync("sh", ["-c", command], {
    cwd: folder,
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    encoding: "utf8",
    timeout: 300_000,
  });
  const lastCall = readFileSync(journal, "utf8").split("\n")[0];
  expect(`${run.status} ${run.signal ?? ""} ${run.stderr.slice(-500)}`, lastCall).toMatch(/^0 /);
  expect(run.stdout).toMatch(/\d/);
});
