import { execFile } from "node:child_process";
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import { RunError } from "../../errors.js";

/** A Python, and what of the machine's files it needs. */
export interface SandboxPython {
  /** Path of the interpreter, also inside of the sandbox. */
  readonly path: string;
  /** Such as `3.11.7`. */
  readonly version: string;
  /** Files and folders that the sandbox shows, read-only. */
  readonly shown: readonly string[];
  /** Symbolic links at the root of the file system (`/lib`), and what they lead to. */
  readonly links: Readonly<Record<string, string>>;
}

const DESCRIBE =
  "import json, sys; print(json.dumps([sys.executable, sys._base_executable, sys.prefix, sys.base_prefix, " +
  "sys.version.split()[0], sys.path]))";

/** Folders of the C library and what comes with it. */
const LIBRARY_FOLDERS = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];
/** Where the dynamic linker finds libraries of other folders; `/etc/alternatives` holds links alone. */
const LINKER_FILES = ["/etc/ld.so.cache", "/etc/alternatives"];

/**
 * Finds the Python that programs run in: `named`, else `OTR_SANDBOX_PYTHON`, else `/usr/bin/python3`, else the `python3` of
 * `PATH`.
 * @throws RunError `SANDBOX_PYTHON`
 */
export async function findPython(named = process.env.OTR_SANDBOX_PYTHON): Promise<SandboxPython> {
  const candidates = named === undefined || named === "" ? ["/usr/bin/python3", "python3"] : [named];
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      return await describePython(candidate);
    } catch (error) {
      reasons.push(`${candidate}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
  }
  throw new RunError(
    "SANDBOX_PYTHON",
    `no Python was found to run programs (${reasons.join("; ")}): install python3, or name one in OTR_SANDBOX_PYTHON`,
  );
}

async function describePython(command: string): Promise<SandboxPython> {
  const { stdout } = await promisify(execFile)(command, ["-E", "-s", "-c", DESCRIBE], { timeout: 20_000 });
  const [path, base, prefix, basePrefix, version, importPath] = JSON.parse(stdout) as [
    string,
    string,
    string,
    string,
    string,
    string[],
  ];
  const folders = [prefix, basePrefix].flatMap((folder) => [join(folder, "lib"), join(folder, "lib64")]);
  // A package that was installed in place lies in somebody's project, which programs have no business in.
  const packages = importPath.filter((folder) => /\/(site|dist)-packages$/.test(folder));
  // A virtual environment is one through its pyvenv.cfg.
  const wanted = [...LIBRARY_FOLDERS, ...LINKER_FILES, ...folders, ...packages, join(prefix, "pyvenv.cfg")];
  const links = Object.fromEntries(
    ["/lib", "/lib64"]
      .filter((folder) => existsSync(folder) && lstatSync(folder).isSymbolicLink())
      .map((folder) => [folder, readlinkSync(folder)]),
  );
  const present = wanted.filter((file) => isAbsolute(file) && !(file in links) && existsSync(file));
  return {
    path,
    version,
    shown: [...withoutNested(present), ...new Set([path, base, realpathSync(path)])],
    links,
  };
}

/** The paths, without those inside of another one. */
function withoutNested(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)];
  return unique.filter((path) => !unique.some((other) => path !== other && path.startsWith(`${other}/`)));
}
