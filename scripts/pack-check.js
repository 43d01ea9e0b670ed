/**
 * @file Installs the packed packages into an empty project, as a user would, and checks that the first use says how
 * to build, that the build works, and that the machine is then fit for use.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, setUpOrExplain } from "./setup.js";

/** @type {string[]} */
const failures = [];

/**
 * @param {string} what
 * @param {boolean} holds
 * @param {string} output
 */
function check(what, holds, output) {
  console.log(`${holds ? "ok    " : "FAILED"}  ${what}`);
  if (!holds) failures.push(`${what}\n${output}`);
}

/**
 * @param {string} folder
 * @param {string} command
 * @param {string[]} args
 */
function run(folder, command, args) {
  const env = { ...process.env, npm_config_loglevel: "error", npm_config_yes: "false" };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
  return { status, output: `${stdout}${stderr}` };
}

/** @param {string} work an empty folder */
function checkPackedInstall(work) {
  const project = join(work, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "somebody", "private": true, "type": "module" }\n');
  for (const name of ["torch", "otr"]) {
    execFileSync("npm", ["pack", "--silent", "--pack-destination", work], {
      cwd: join(root, "packages", name),
      stdio: "pipe",
    });
  }
  const archives = readdirSync(work)
    .filter((file) => file.endsWith(".tgz"))
    .map((file) => join(work, file));
  const installed = run(project, "npm", ["install", "--no-audit", "--no-fund", ...archives]);
  check("npm install of the packed packages", installed.status === 0, installed.output);

  const help = run(project, "npx", ["one-token-rollout", "--help"]);
  check("npx one-token-rollout --help", help.status === 0 && /train/.test(help.output), help.output);

  const before = run(project, "npx", ["one-token-rollout", "doctor"]);
  const namesSetup = before.output.includes("npx one-token-rollout setup");
  check(
    "doctor before the build names the command that builds",
    before.status === 1 && namesSetup,
    before.output,
  );

  const firstUse = 'import { zeros } from "@one-token/torch"; zeros([1]);';
  const unbuilt = run(project, process.execPath, ["--input-type=module", "-e", firstUse]);
  const explains = unbuilt.output.includes("npx one-token-rollout setup");
  check("the first use says how to build", unbuilt.status !== 0 && explains, unbuilt.output);

  // A compiled file is named after all that goes into it: one that fits was made of the very sources that were packed.
  const installedBuild = join(project, "node_modules", "@one-token", "torch", "build");
  cpSync(join(root, "packages", "torch", "build", "objects"), join(installedBuild, "objects"), {
    recursive: true,
  });
  const setup = run(project, "npx", ["one-token-rollout", "setup"]);
  const addon = join(installedBuild, "torch.node");
  check("npx one-token-rollout setup builds", setup.status === 0 && existsSync(addon), setup.output);

  const after = run(project, "npx", ["one-token-rollout", "doctor", "--json"]);
  check(
    "doctor after the build is content",
    after.status === 0 && JSON.parse(after.output).ok === true,
    after.output,
  );

  const row = { prompt: "Say hi.", instruction_id_list: ["punctuation:no_comma"], kwargs: [{}] };
  writeFileSync(join(project, "rows.jsonl"), `${JSON.stringify(row)}\n`);
  writeFileSync(join(project, "said.jsonl"), '{"doc_id": 0, "output": "Hi"}\n');
  const stored = ["--tasks", "ifeval", "--predictions", "said.jsonl", "--task_data", "ifeval=rows.jsonl"];
  const scored = run(project, "npx", ["one-token-rollout", "evaluate", ...stored]);
  const isScored = scored.status === 0 && scored.output.includes("1.0000");
  check("a task of the package scores stored answers", isScored, scored.output);

  const library =
    'import * as otr from "one-token-rollout"; if (Object.keys(otr).length === 0) process.exit(1);';
  const imported = run(project, process.execPath, ["--input-type=module", "-e", library]);
  check("the library can be imported", imported.status === 0, imported.output);
}

if (await setUpOrExplain({ quiet: true })) {
  const work = mkdtempSync(join(tmpdir(), "otr-pack-"));
  try {
    checkPackedInstall(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  if (failures.length > 0) {
    console.error(`\n${failures.join("\n\n")}`);
    process.exitCode = 1;
  }
}
