import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FileLockedError, lockFile } from "../src/index.js";
import { compiledPackage, runNode } from "./run-node.js";
import { torchError } from "./torch-error.js";

const folder = mkdtempSync(join(tmpdir(), "file-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = () => join(folder, `${files++}.lock`);

/** A process that holds a lock, once it says so. */
async function owner(path: string, body = ""): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `import { lockFile } from ${JSON.stringify(compiledPackage.href)};
       import { spawn } from "node:child_process";
       const lock = lockFile(${JSON.stringify(path)});
       ${body}
       console.log("locked");
       setTimeout(() => {}, 60_000);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await new Promise<void>((resolve) => child.stdout!.once("data", () => resolve()));
  return child;
}

const ended = (child: ChildProcess) => new Promise<void>((resolve) => child.once("exit", () => resolve()));

describe("lockFile", { timeout: 60_000 }, () => {
  it("is exclusive, and says who holds it", async () => {
    const path = newPath();
    const child = await owner(path);
    const error = torchError(() => lockFile(path));
    expect(error).toBeInstanceOf(FileLockedError);
    expect(error.code).toBe("TORCH_LOCKED");
    expect((error as FileLockedError).owner).toEqual({ processId: child.pid, host: hostname() });
    expect(error.message).toBe(`${path} is locked by process ${child.pid} on ${hostname()}`);
    child.kill("SIGKILL");
    await ended(child);
  });

  it("ends with its owner, however that ends, and not with the processes it started", async () => {
    const path = newPath();
    const child = await owner(
      path,
      `const sleeper = spawn("sleep", ["30"], { stdio: "ignore", detached: true });
       process.stdout.write(sleeper.pid + " ");`,
    );
    const sleeper = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim());
    try {
      expect(torchError(() => lockFile(path)).code).toBe("TORCH_LOCKED");
      child.kill("SIGKILL");
      await ended(child);
      expect(existsSync(path)).toBe(true);
      expect(existsSync(`/proc/${sleeper}`)).toBe(true);
      const lock = lockFile(path);
      expect(readFileSync(path, "utf8")).toBe(`${process.pid} ${hostname()}\n`);
      lock.release();
    } finally {
      process.kill(sleeper);
    }
  });

  it("can be given back, which removes the file, and taken again", () => {
    const path = newPath();
    const first = lockFile(path);
    expect(torchError(() => lockFile(path)).code).toBe("TORCH_LOCKED");
    first.release();
    expect(existsSync(path)).toBe(false);
    const second = lockFile(path);
    first.release();
    expect(torchError(() => lockFile(path)).code).toBe("TORCH_LOCKED");
    second.release();
  });

  it("is taken anew where its file was removed, and leaves a file that is somebody else's", async () => {
    const path = newPath();
    const lock = lockFile(path);
    expect(lock.renew()).toBe(false);
    rmSync(path);
    expect(lock.renew()).toBe(true);
    expect(torchError(() => lockFile(path)).code).toBe("TORCH_LOCKED");
    rmSync(path);
    const other = lockFile(path);
    expect(torchError(() => lock.renew()).code).toBe("TORCH_LOCKED");
    lock.release();
    expect(existsSync(path)).toBe(true);
    expect(lock.renew()).toBe(false);
    other.release();
    expect(existsSync(path)).toBe(false);
  });

  it("does not believe a file that no owner wrote", async () => {
    const path = newPath();
    const child = await owner(path);
    writeFileSync(path, "1\nsomething else");
    const error = torchError(() => lockFile(path)) as FileLockedError;
    expect(error.owner).toBeNull();
    expect(error.message).toBe(`${path} is locked by another process`);
    child.kill("SIGKILL");
    await ended(child);
  });

  it("is taken by one of many that ask while it is given back", async () => {
    const path = newPath();
    const held = join(folder, "held");
    const source = `
      import { mkdirSync, rmdirSync } from "node:fs";
      let count = 0;
      for (const end = Date.now() + 1000; Date.now() < end; ) {
        let lock;
        try { lock = torch.lockFile(${JSON.stringify(path)}); } catch (error) {
          if (error.code !== "TORCH_LOCKED") throw error;
          continue;
        }
        mkdirSync(${JSON.stringify(held)});
        rmdirSync(${JSON.stringify(held)});
        lock.release();
        count++;
      }
      process.exitCode = count > 0 ? 0 : 3;`;
    const module = `import * as torch from ${JSON.stringify(compiledPackage.href)};\n${source}`;
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ["--input-type=module", "--eval", module], { stdio: "inherit" }),
    );
    const statuses = await Promise.all(
      children.map((child) => new Promise((resolve) => child.once("exit", resolve))),
    );
    expect(statuses).toEqual([0, 0, 0]);
  });

  it("says when the file cannot be made", () => {
    expect(torchError(() => lockFile(join(folder, "nowhere/lock"))).code).toBe("TORCH_FILE");
    mkdirSync(join(folder, "a folder"));
    expect(torchError(() => lockFile(join(folder, "a folder"))).code).toBe("TORCH_FILE");
  });

  it("tells a file system without locks apart", () => {
    // No file system of the kind is at hand: the kernel gives this answer for what is no file at all.
    const { stdout } = runNode(`
      import { native } from ${JSON.stringify(new URL("../dist/native.js", import.meta.url).href)};
      torch.zeros([1]);
      try { native().tryLock(1_000_000); } catch (error) { console.log(error.code, error.message); }`);
    expect(stdout).toBe("TORCH_FILE cannot lock: Bad file descriptor\n");
  });
});
