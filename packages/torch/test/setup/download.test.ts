import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { downloadLibtorch, pinnedWheels } from "../../setup/download.js";
import { temporaryFolder, writeProgram } from "./temporary-folder.js";

const silent = { step() {}, progress() {}, done() {}, ready() {} };

/**
 * A python3 that behaves like pip and like the unpacking, without a network. It logs the requirement of each download;
 * `refuse` is a shell pattern of requirements for which it prints `message` and fails.
 */
function fakePython(refuse = "nothing", message = "") {
  const folder = temporaryFolder();
  const log = join(folder, "downloads.txt");
  const bin = join(folder, "bin");
  const write = (pattern: string) =>
    writeProgram(
      bin,
      "python3",
      `case "$*" in
  *"pip --version"*) echo "pip 23.2.1 from /nowhere"; exit 0 ;;
  *"pip download"*)
    for word in "$@"; do case "$previous" in -r) file=$word ;; -d) folder=$word ;; esac; previous=$word; done
    read -r requirement < "$file"
    case "$requirement" in ${pattern}) echo '${message}' >&2; exit 1 ;; esac
    echo "$requirement" >> '${log}'
    echo wheel > "$folder/some.whl"; exit 0 ;;
  -I*unpack.py*)
    root=$4
    mkdir -p "$root/torch/lib" "$root/torch/include/ATen" "$root/nvidia/cu13/lib"
    touch "$root/torch/lib/libtorch_cpu.so" "$root/torch/lib/libc10.so" "$root/torch/include/ATen/ATen.h"
    touch "$root/nvidia/cu13/lib/libcudart.so.13" "$root/nvidia/cu13/lib/libcupti.so.13"
    echo "__version__ = '2.11.0+cu130'" > "$root/torch/version.py"; exit 0 ;;
  *) echo "Python 3.11.7" ;;
esac`,
    );
  write(refuse);
  const env = { PATH: `${bin}:/usr/bin:/bin`, XDG_CACHE_HOME: join(folder, "cache") };
  return {
    env,
    write,
    downloads: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
  };
}

describe("pinnedWheels", () => {
  it("names three wheels for the CPU and CUDA's in addition for CUDA, each with hash and size", () => {
    const cpu = pinnedWheels("cpu");
    expect(cpu.map((wheel) => wheel.name)).toEqual(["torch", "nvidia-cuda-cupti", "nvidia-cuda-runtime"]);
    const cuda = pinnedWheels("cuda");
    expect(cuda.slice(0, 3)).toEqual(cpu);
    expect(cuda.map((wheel) => wheel.name)).toContain("nvidia-nccl-cu13");
    for (const { requirement, bytes } of cuda) {
      expect(requirement).toMatch(/--hash=sha256:[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(1e5);
    }
  });
});

describe("downloadLibtorch", () => {
  it("fetches every wheel once and leaves nothing but the unpacked files", async () => {
    const { env, downloads } = fakePython();
    const folder = await downloadLibtorch({ device: "cpu", log: silent, env });
    expect(downloads()).toEqual(pinnedWheels("cpu").map((wheel) => wheel.requirement));
    expect(readdirSync(folder).sort()).toEqual(["nvidia", "torch"]);
    expect(readdirSync(join(folder, ".."))).toEqual(["libtorch-2.11.0"]);
  });

  it("goes on with the wheel at which it was stopped", async () => {
    const { env, write, downloads } = fakePython("nvidia-cuda-runtime*", "ERROR: stopped");
    await expect(downloadLibtorch({ device: "cpu", log: silent, env })).rejects.toMatchObject({
      code: "DOWNLOAD_FAILED",
    });
    expect(downloads()).toHaveLength(2);
    write("nothing");
    await downloadLibtorch({ device: "cpu", log: silent, env });
    expect(downloads()).toHaveLength(3);
  });

  it("fetches anew what was damaged", async () => {
    const { env, downloads } = fakePython();
    const folder = await downloadLibtorch({ device: "cpu", log: silent, env });
    rmSync(join(folder, "torch/lib/libc10.so"));
    await downloadLibtorch({ device: "cpu", log: silent, env });
    expect(downloads()).toHaveLength(6);
    expect(existsSync(join(folder, "torch/lib/libc10.so"))).toBe(true);
  });

  it.each([
    ["HASH_MISMATCH", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."],
    ["NETWORK", "WARNING: Retrying (Retry(total=4)) after connection broken by NewConnectionError"],
    ["DISK_FULL", "OSError: [Errno 28] No space left on device"],
    ["DOWNLOAD_FAILED", "ERROR: something else"],
  ])("says %s for what pip reports", async (code, message) => {
    const { env } = fakePython("torch*", message);
    await expect(downloadLibtorch({ device: "cpu", log: silent, env })).rejects.toMatchObject({ code });
  });

  it("says which folder cannot be made and what to do", async () => {
    const { env } = fakePython();
    const download = downloadLibtorch({
      device: "cpu",
      log: silent,
      env: { ...env, XDG_CACHE_HOME: "/proc/none" },
    });
    await expect(download).rejects.toMatchObject({
      code: "CACHE_NOT_WRITABLE",
      message: expect.stringContaining("XDG_CACHE_HOME"),
    });
  });
});
