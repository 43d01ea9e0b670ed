import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./temporary-folder.js";

const script = fileURLToPath(new URL("../../setup/unpack.py", import.meta.url));

function makeWheel(path: string, members: Record<string, string>) {
  const program =
    "import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z:\n" +
    "    for name, text in json.loads(sys.argv[2]).items(): z.writestr(name, text)";
  execFileSync("python3", ["-c", program, path, JSON.stringify(members)]);
}

describe("unpack.py", () => {
  it("keeps what a pattern names, in its place", () => {
    const folder = temporaryFolder();
    const wheel = join(folder, "some.whl");
    makeWheel(wheel, {
      "torch/lib/libc10.so": "c10",
      "torch/lib/libtorch_python.so": "no",
      "torch/include/a/b.h": "b",
    });
    execFileSync("python3", [
      "-I",
      script,
      wheel,
      join(folder, "out"),
      "torch/lib/libc10.so",
      "torch/include/*",
    ]);
    expect(readFileSync(join(folder, "out/torch/lib/libc10.so"), "utf8")).toBe("c10");
    expect(existsSync(join(folder, "out/torch/include/a/b.h"))).toBe(true);
    expect(readdirSync(join(folder, "out/torch/lib"))).toEqual(["libc10.so"]);
  });

  it("refuses a member that would lie outside", () => {
    const folder = temporaryFolder();
    const wheel = join(folder, "some.whl");
    makeWheel(wheel, { "../evil.so": "no" });
    const { status } = spawnSync("python3", ["-I", script, wheel, join(folder, "out"), "*"]);
    expect(status).toBe(1);
    expect(existsSync(join(folder, "evil.so"))).toBe(false);
  });
});
