import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCommand } from "../../setup/run-command.js";
import { temporaryFolder } from "./temporary-folder.js";

describe("runCommand", () => {
  it("returns the exit status and both outputs", async () => {
    expect(await runCommand("sh", ["-c", "echo out; echo err >&2; exit 3"])).toEqual({
      status: 3,
      output: "out\nerr\n",
    });
  });

  it("rejects with the system's code for a program that is not there", async () => {
    await expect(runCommand("/nowhere/program", [])).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("ends a program and its descendants when a signal ends this process", async () => {
    const folder = temporaryFolder();
    const pidFile = join(folder, "pid");
    const module = fileURLToPath(new URL("../../setup/run-command.js", import.meta.url));
    const program =
      `import { runCommand } from ${JSON.stringify(module)};` +
      `await runCommand("sh", ["-c", "sleep 60 & echo $! > ${pidFile}; wait"]);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
    await expect
      .poll(() => existsSync(pidFile) && readFileSync(pidFile, "utf8").trim(), { timeout: 20_000 })
      .toBeTruthy();
    const grandchild = readFileSync(pidFile, "utf8").trim();
    child.kill("SIGTERM");
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGTERM");
    const state = () =>
      existsSync(`/proc/${grandchild}`) && !/\) Z /.test(readFileSync(`/proc/${grandchild}/stat`, "utf8"));
    await expect.poll(state, { timeout: 20_000 }).toBe(false);
  });
});
