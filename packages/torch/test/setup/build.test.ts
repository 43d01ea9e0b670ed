import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { build, planBuild } from "../../setup/build.js";
import { locateLibtorch } from "../../setup/locate.js";
import { temporaryFolder, wheelFiles, writeFiles, writeProgram } from "./temporary-folder.js";

const silent = { step() {}, progress() {}, done() {}, ready() {} };

/** A native folder of three files, and a compiler that logs its arguments; it fails on a source that holds "BROKEN". */
function fakeProject() {
  const folder = temporaryFolder();
  const nativeFolder = join(folder, "native");
  const buildFolder = join(folder, "build");
  writeFiles(folder, wheelFiles("2.11.0+cu130"));
  writeFiles(nativeFolder, {
    "loader.cc": "loader",
    "bridge.cc": "bridge",
    "files.cc": "files",
    "bridge.h": "header",
  });
  const log = join(folder, "compiler.txt");
  const compiler = (version: string) =>
    writeProgram(
      join(folder, "bin"),
      "g++",
      `case "$*" in
  --version) echo "g++ ${version}"; exit 0 ;;
  *-dM*) echo "#define __GNUC__ 12"; exit 0 ;;
esac
echo "$*" >> '${log}'
for word in "$@"; do last=$word; case "$word" in *.cc) source=$word ;; esac; done
echo half > "$last"
if [ -n "$source" ] && grep -q BROKEN "$source"; then echo "$source:1: error: expected a declaration"; exit 1; fi
exit 0`,
    );
  compiler("12.2.0");
  const env = { PATH: `${join(folder, "bin")}:/usr/bin:/bin` };
  const libtorch = locateLibtorch({ env: { OTR_LIBTORCH: folder }, buildFolder });
  const run = async () => {
    rmSync(log, { force: true });
    const plan = await planBuild({ libtorch, nativeFolder, buildFolder, env });
    await build(plan, silent, env);
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  };
  const compiled = async () => (await run()).flatMap((line) => /(\w+)\.cc/.exec(line)?.[1] ?? []).sort();
  return { folder, nativeFolder, buildFolder, env, libtorch, compiler, run, compiled };
}

describe("build", () => {
  it("compiles each file, links the loader alone and the bridge to libtorch without an rpath", async () => {
    const { buildFolder, run } = fakeProject();
    const lines = await run();
    const compile = lines.filter((line) => line.includes(" -c ") || line.startsWith("-c "));
    expect(compile).toHaveLength(3);
    for (const line of compile) expect(line).toMatch(/-fopenmp .*-DCPU_CAPABILITY=(\w+) -DCPU_CAPABILITY_\1/);
    const [loader, torch] = lines.filter((line) => line.startsWith("-shared"));
    expect(loader).not.toContain("torch_cpu");
    expect(torch).toContain("-ltorch_cpu -lc10");
    expect(lines.join()).not.toContain("rpath");
    expect(readdirSync(buildFolder).sort()).toEqual(["build.json", "loader.node", "objects", "torch.node"]);
  });

  it("does nothing the second time", async () => {
    const { run } = fakeProject();
    await run();
    expect(await run()).toEqual([]);
  });

  it("compiles again only what a change touches", async () => {
    const { nativeFolder, buildFolder, compiled, compiler } = fakeProject();
    await compiled();
    writeFiles(nativeFolder, { "files.cc": "changed" });
    expect(await compiled()).toEqual(["files"]);
    writeFiles(nativeFolder, { "bridge.h": "changed" });
    expect(await compiled()).toEqual(["bridge", "files", "loader"]);
    compiler("13.1.0");
    rmSync(join(buildFolder, "torch.node"));
    expect(await compiled()).toEqual(["bridge", "files", "loader"]);
    expect(readdirSync(join(buildFolder, "objects"))).toHaveLength(3);
  });

  it("keeps the objects of an interrupted build and removes its half files", async () => {
    const { buildFolder, nativeFolder, compiled } = fakeProject();
    writeFiles(nativeFolder, { "loader.cc": "BROKEN" });
    await expect(compiled()).rejects.toMatchObject({
      code: "COMPILE_FAILED",
      message: expect.stringMatching(/error: expected a declaration[\s\S]*loader\.cc could not be compiled/),
    });
    const objects = readdirSync(join(buildFolder, "objects"));
    expect(objects.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(existsSync(join(buildFolder, "build.json"))).toBe(false);

    // 4194304 is above every process number.
    writeFiles(buildFolder, { "torch.node.4194304.tmp": "left by a killed build" });
    writeFiles(nativeFolder, { "loader.cc": "loader" });
    const again = await compiled();
    expect(again).toContain("loader");
    expect(again).toHaveLength(3 - objects.length);
    expect(readdirSync(buildFolder).sort()).toEqual(["build.json", "loader.node", "objects", "torch.node"]);
    expect(readdirSync(join(buildFolder, "objects"))).toHaveLength(3);
  });

  it("stays usable when the compiler is gone, and says so when a source changes then", async () => {
    const { nativeFolder, buildFolder, libtorch, run } = fakeProject();
    await run();
    const env = { PATH: "/nowhere" };
    const plan = await planBuild({ libtorch, nativeFolder, buildFolder, env });
    expect(plan.isUpToDate).toBe(true);
    writeFiles(nativeFolder, { "files.cc": "changed" });
    await expect(planBuild({ libtorch, nativeFolder, buildFolder, env })).rejects.toMatchObject({
      code: "COMPILER_MISSING",
    });
  });

  it("tells what is being compiled, and how much is done", async () => {
    const { nativeFolder, buildFolder, libtorch, env } = fakeProject();
    const told: [number, string][] = [];
    const log = { ...silent, progress: (share: number, detail: string) => told.push([share, detail]) };
    await build(await planBuild({ libtorch, nativeFolder, buildFolder, env }), log, env);
    expect(told[0]).toEqual([0, "compiling bridge.cc"]);
    expect(told.at(-1)).toEqual([0.75, "linking"]);
    const shares = told.map(([share]) => share);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it("names the folder that cannot be written", async () => {
    const { nativeFolder, libtorch, env } = fakeProject();
    const plan = await planBuild({ libtorch, nativeFolder, buildFolder: "/proc/none/build", env });
    await expect(build(plan, silent, env)).rejects.toMatchObject({ code: "BUILD_NOT_WRITABLE" });
  });
});
