import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkDisk, checkPip, checkPlatform, findCompiler, installCommand } from "../../setup/check.js";
import { temporaryFolder, writeProgram } from "./temporary-folder.js";

/** A PATH that holds the given programs only. */
function environment(programs: Record<string, string>) {
  const PATH = join(temporaryFolder(), "bin");
  for (const [name, script] of Object.entries(programs)) writeProgram(PATH, name, script);
  return { PATH };
}

const gcc = (major: number) =>
  `case "$*" in *-dM*) echo "#define __GNUC__ ${major}";; *) echo "g++ ${major}.1";; esac`;

describe("checkPlatform", () => {
  it("accepts the machine that runs the tests", () => {
    expect(() => checkPlatform()).not.toThrow();
  });
});

describe("checkPip", () => {
  it("tells a missing Python, a missing pip and an old pip apart", async () => {
    await expect(checkPip(environment({}))).rejects.toMatchObject({ code: "PYTHON_MISSING" });
    const withoutPip = environment({
      python3: '[ "$1" = --version ] && echo Python 3.9.2 && exit 0; exit 1',
    });
    await expect(checkPip(withoutPip)).rejects.toMatchObject({
      code: "PIP_MISSING",
      message: expect.stringContaining("Python 3.9.2 has no pip"),
    });
    const old = environment({ python3: 'echo "pip 9.0.3 from /nowhere"' });
    await expect(checkPip(old)).rejects.toMatchObject({
      message: expect.stringContaining("pip 9.0.3 is too old"),
    });
    await expect(checkPip(environment({ python3: 'echo "pip 23.0 from /x"' }))).resolves.toBeUndefined();
  });
});

describe("findCompiler", () => {
  it("prefers CXX, with its arguments, and does not fall back from it", async () => {
    const env = environment({ "g++": gcc(12), other: gcc(13) });
    expect((await findCompiler(env)).identity).toBe("g++: g++ 12.1");
    const named = await findCompiler({ ...env, CXX: "other -m64" });
    expect(named).toMatchObject({ command: "other", args: ["-m64"] });
    await expect(findCompiler({ ...env, CXX: "nowhere" })).rejects.toMatchObject({
      code: "COMPILER_MISSING",
    });
  });

  it("says how to get one", async () => {
    await expect(findCompiler(environment({}))).rejects.toMatchObject({
      code: "COMPILER_MISSING",
      message: expect.stringMatching(/`.+`/),
    });
  });

  it("refuses one that is too old or cannot compile", async () => {
    await expect(findCompiler(environment({ "g++": gcc(8) }))).rejects.toMatchObject({
      code: "COMPILER_TOO_OLD",
    });
    const broken = environment({
      "g++": '[ "$1" = --version ] && exit 0; echo "fatal error: omp.h: No such file"; exit 1',
    });
    await expect(findCompiler(broken)).rejects.toMatchObject({
      code: "COMPILER_BROKEN",
      message: expect.stringContaining("omp.h"),
    });
  });
});

describe("checkDisk", () => {
  it("looks at the disk that a folder to be made would lie on", () => {
    const folder = join(temporaryFolder(), "not", "there");
    expect(() => checkDisk(folder, 1)).not.toThrow();
    expect(() => checkDisk(folder, 1e18)).toThrow(expect.objectContaining({ code: "DISK_FULL" }));
  });
});

describe("installCommand", () => {
  it("uses a package manager that is there", () => {
    expect(installCommand("g++", environment({ dnf: "" }))).toMatch(
      /dnf install -y gcc-c\+\+|apt-get install -y g\+\+/,
    );
  });
});
