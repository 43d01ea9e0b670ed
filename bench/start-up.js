/**
 * @file `node bench/start-up.js --model DIR --data FILE.jsonl [--python VENV/bin/python]`: seconds from the start of the
 * process to the end of the first step, with the files that it reads in memory (warm) and not (cold), and what the
 * installation takes on disk; of TRL too where a Python with it is given.
 *
 * Cold: the system is asked to forget the files. It keeps those that another process has open as a library.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { locateLibtorch } from "@one-token/torch/setup";
import { alternate, measure, shown, summarize } from "./alternate.js";
import { oneRun, readSettings, root, runArguments } from "./settings.js";

const settings = readSettings(
  "node bench/start-up.js --model DIR --data FILE.jsonl [--python PYTHON] [--threads N] [--fp32]",
  { needed: ["model", "data"], further: { python: "", steps: "1", warm: "1" } },
);
const script = join(root, "bench", "trl_run.py");
const programs = {
  otr: { folders: installedFolders(), command: [process.execPath, oneRun()] },
  ...(settings.python && {
    trl: { folders: [dirname(dirname(settings.python))], command: [settings.python, script] },
  }),
};

const sides = {};
for (const [name, { folders, command }] of Object.entries(programs)) {
  const start = () => measure(command[0], [command[1], ...runArguments(settings)]);
  sides[`${name} cold`] = () => {
    for (const folder of [...folders, settings.model]) forget(folder);
    return start();
  };
  sides[`${name} warm`] = () => {
    start();
    return start();
  };
}
sides["otr warm"](); // makes the weights where there are none
const rounds = alternate(sides, Number(settings.alternations));
const seconds = Object.keys(sides).map((name) => ({
  name,
  ...summarize(rounds.map((round) => round[name].first_step_s)),
}));
for (const row of seconds) console.error(`${row.name.padEnd(10)} ${shown(row)} s to the first step`);
const disk = Object.entries(programs).map(([name, { folders }]) => ({ name, bytes: bytesOf(folders) }));
for (const { name, bytes } of disk)
  console.error(`${name.padEnd(10)} ${(bytes / 1e6).toFixed(0)} MB on disk`);
console.log(JSON.stringify({ settings, seconds, disk, rounds }));

/** What an installation consists of: the packages with what they need at run time, and libtorch. */
function installedFolders() {
  const listed = execFileSync("npm", ["ls", "--omit=dev", "--all", "--parseable", "--silent"], {
    cwd: root,
    encoding: "utf8",
  });
  const packages = listed.split("\n").filter((path) => path.includes("node_modules"));
  const own = ["torch/build", "torch/dist", "torch/native", "torch/setup", "otr/bin", "otr/dist"];
  return [locateLibtorch().torchPath, ...own.map((path) => join(root, "packages", path)), ...packages];
}

/** Each file counts once, however the folders overlap. */
function bytesOf(folders) {
  const output = execFileSync("du", ["-skc", ...folders], { encoding: "utf8" });
  return 1024 * Number.parseInt(output.trimEnd().split("\n").at(-1), 10);
}

function forget(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    const file = statSync(path, { throwIfNoEntry: false });
    // Small files are read in no time, and many.
    if (file?.isFile() && file.size > 2 ** 20) {
      execFileSync("dd", [`if=${path}`, "iflag=nocache", "count=0", "status=none"]);
    }
  }
}
