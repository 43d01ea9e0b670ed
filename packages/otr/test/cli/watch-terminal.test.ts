import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "watch-terminal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compiled = new URL("../../dist/cli/watch-terminal.js", import.meta.url).href;
const hasScript = spawnSync("script", ["--version"]).status === 0;
if (!hasScript) console.warn("SKIPPED: util-linux's `script`, which makes terminals, is not here");

async function contentOf(path: string): Promise<string> {
  for (let i = 0; i < 500; i++) {
    if (existsSync(path) && readFileSync(path, "utf8").endsWith("\n"))
      return readFileSync(path, "utf8").trim();
    await pause(20);
  }
  throw new Error(`${path} did not come`);
}

describe("watchTerminal", { timeout: 30_000 }, () => {
  it.skipIf(!hasScript)("lets a program end as it will when its terminal has been closed", async () => {
    const [module, begun, status] = ["module.mjs", "begun", "status"].map((name) => join(folder, name));
    writeFileSync(
      module!,
      `import { writeFileSync } from "node:fs";
       import { hasTerminal, watchTerminal } from ${JSON.stringify(compiled)};
       watchTerminal();
       process.stderr.on("error", () => {});
       process.stderr.write("seen in the terminal\\n");
       process.on("SIGHUP", () => {
         process.stderr.write("nobody sees this\\n");
         process.exitCode = hasTerminal() ? 1 : 7;
         clearInterval(turn);
       });
       const turn = setInterval(() => {}, 1000);
       writeFileSync(${JSON.stringify(begun)}, String(hasTerminal()) + "\\n");`,
    );
    // The shell that owns the terminal ends with it, and the kernel passes the signal on to the others.
    const command = `(trap "" HUP; ${process.execPath} ${module}; echo $? >${status}); true`;
    const terminal = spawn("script", ["-qec", command, "/dev/null"], { stdio: "ignore" });
    expect(await contentOf(begun!)).toBe("true");
    terminal.kill("SIGKILL");
    expect(await contentOf(status!)).toBe("7");
  });

  it("lets a program without a terminal outlive the one it was started from, as nohup would", () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `import { hasTerminal, watchTerminal } from ${JSON.stringify(compiled)};
         watchTerminal();
         watchTerminal();
         process.kill(process.pid, "SIGHUP");
         setTimeout(() => console.log(hasTerminal(), process.listenerCount("SIGHUP")), 50);`,
      ],
      { encoding: "utf8" },
    );
    expect(stdout).toBe("false 1\n");
    expect(status).toBe(0);
  });
});
