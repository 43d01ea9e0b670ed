import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateLibtorch } from "../../setup/locate.js";
import { temporaryFolder, wheelFiles, writeFiles, writeProgram } from "./temporary-folder.js";

/** An environment in which nothing is found: no Python, an empty cache. */
function emptyEnvironment() {
  const folder = temporaryFolder();
  const env = { PATH: join(folder, "bin"), XDG_CACHE_HOME: join(folder, "cache") };
  return { folder, env, buildFolder: join(folder, "build") };
}

const cached = "cache/one-token-rollout/libtorch-2.11.0";

function writeWheel(folder: string, version = "2.11.0+cu130", more: Record<string, string> = {}) {
  writeFiles(folder, { ...wheelFiles(version), ...more });
}

describe("locateLibtorch", () => {
  it("takes a site-packages folder or the torch folder in it from OTR_LIBTORCH", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    writeWheel(folder);
    for (const place of [folder, join(folder, "torch")]) {
      const found = locateLibtorch({ env: { ...env, OTR_LIBTORCH: place }, buildFolder });
      expect(found).toMatchObject({ version: "2.11.0+cu130", source: "OTR_LIBTORCH" });
      expect(found.libraries).toEqual([
        join(folder, "nvidia/cu13/lib/libcudart.so.13"),
        join(folder, "nvidia/cu13/lib/libcupti.so.13"),
        join(folder, "torch/lib/libtorch_cpu.so"),
      ]);
    }
  });

  it("takes an unpacked libtorch archive, which brings no CUDA", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    writeFiles(folder, {
      "build-version": "2.11.0+cpu\n",
      "lib/libtorch_cpu.so": "",
      "lib/libc10.so": "",
      "include/ATen/ATen.h": "",
    });
    const found = locateLibtorch({ env: { ...env, OTR_LIBTORCH: folder }, buildFolder });
    expect(found.libraries).toEqual([join(folder, "lib/libtorch_cpu.so")]);
  });

  it("refuses what OTR_LIBTORCH names when it does not fit, whatever else is there", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    writeWheel(join(folder, cached));
    const locate = (OTR_LIBTORCH: string) => () =>
      locateLibtorch({ env: { ...env, OTR_LIBTORCH }, buildFolder });
    expect(locate(join(folder, "nowhere"))).toThrow(expect.objectContaining({ code: "LIBTORCH_INCOMPLETE" }));
    writeWheel(join(folder, "old"), "2.5.1+cpu");
    expect(locate(join(folder, "old"))).toThrow(
      expect.objectContaining({ code: "LIBTORCH_WRONG_VERSION", message: expect.stringContaining("2.5.1") }),
    );
  });

  it("refuses a CUDA wheel without the two libraries of CUDA that it links", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    const { "nvidia/cu13/lib/libcupti.so.13": _, ...files } = wheelFiles("2.11.0+cu130");
    writeFiles(folder, files);
    expect(() => locateLibtorch({ env: { ...env, OTR_LIBTORCH: folder }, buildFolder })).toThrow(
      expect.objectContaining({
        code: "LIBTORCH_INCOMPLETE",
        message: expect.stringContaining("nvidia-cuda-cupti"),
      }),
    );
  });

  it("looks at the last build, then Python, then the cache", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    writeWheel(join(folder, cached));
    expect(locateLibtorch({ env, buildFolder }).source).toBe("cache");

    writeWheel(join(folder, "site-packages"));
    writeProgram(env.PATH, "python3", `echo ${join(folder, "site-packages/torch")}`);
    expect(locateLibtorch({ env, buildFolder }).source).toBe("python");

    writeWheel(join(folder, "recorded"));
    const torchPath = join(folder, "recorded/torch");
    writeFiles(buildFolder, { "build.json": JSON.stringify({ torchPath, source: "OTR_LIBTORCH" }) });
    expect(locateLibtorch({ env, buildFolder }).torchPath).toBe(torchPath);
  });

  it("does not start Python when the last build says where libtorch is", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    const started = join(folder, "python-started");
    writeProgram(env.PATH, "python3", `echo > '${started}'`);
    writeWheel(join(folder, "recorded"));
    writeFiles(buildFolder, {
      "build.json": JSON.stringify({ torchPath: join(folder, "recorded/torch"), source: "cache" }),
    });
    locateLibtorch({ env, buildFolder });
    expect(existsSync(started)).toBe(false);
  });

  it("passes over another version in Python and names it when nothing else is found", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    writeWheel(join(folder, "site-packages"), "2.9.0+cpu");
    writeProgram(env.PATH, "python3", `echo ${join(folder, "site-packages/torch")}`);
    expect(() => locateLibtorch({ env, buildFolder })).toThrow(
      expect.objectContaining({ code: "LIBTORCH_NOT_FOUND", message: expect.stringContaining("2.9.0+cpu") }),
    );
  });

  it("wants CUDA's libraries for CUDA, and can use them for the CPU", () => {
    const { folder, env, buildFolder } = emptyEnvironment();
    writeWheel(join(folder, cached));
    expect(() => locateLibtorch({ device: "cuda", env, buildFolder })).toThrow(
      expect.objectContaining({
        code: "LIBTORCH_NOT_FOUND",
        message: expect.stringContaining("--device cuda"),
      }),
    );
    writeWheel(join(folder, `${cached}-cuda`), "2.11.0+cu130", { "torch/lib/libtorch_cuda.so": "" });
    const found = locateLibtorch({ device: "cuda", env, buildFolder });
    expect(found.libraries.at(-1)).toBe(join(folder, `${cached}-cuda`, "torch/lib/libtorch_cuda.so"));
  });
});
