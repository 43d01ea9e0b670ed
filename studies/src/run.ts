/**
 * @file Carries out the study, or what is missing of it, and writes its results: `node studies/dist/run.js`. With names of
 * comparisons behind it, only these. Called again, it goes on where it stopped.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Exit, runProgram } from "@one-token/demo/session";
import { repository, type Study, studies } from "./studies.js";

/** Runs a program of the project in the root of the repository, where the paths of configurations start. */
function runNode(script: string, ...args: string[]): void {
  const { status, signal } = spawnSync(process.execPath, [join(repository, script), ...args], {
    cwd: repository,
    stdio: "inherit",
  });
  if (signal !== null || status !== 0)
    throw new Exit(status ?? 1, `${script} ${args.join(" ")} ended with ${signal ?? `status ${status}`}.`);
}

const OTR = "packages/otr/bin/otr.js";

function makeModel(name: NonNullable<Study["needs"]>): void {
  if (existsSync(join(repository, "out/study/models", name, "model.safetensors"))) return;
  if (name === "warm") runNode(OTR, "train", "studies/warm-start.yaml");
  else runNode("studies/dist/pretrain.js", name);
}

function chosenStudies(): readonly Study[] {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  const unknown = positionals.find((name) => !studies.some((study) => study.name === name));
  if (unknown !== undefined)
    throw new Exit(
      2,
      `There is no study ${unknown}. They are: ${studies.map(({ name }) => name).join(", ")}.`,
    );
  return positionals.length === 0 ? studies : studies.filter(({ name }) => positionals.includes(name));
}

await runProgram(async () => {
  for (const { name, needs } of chosenStudies()) {
    if (needs) makeModel(needs);
    runNode(OTR, "compare", `studies/${name}.yaml`);
  }
  runNode("studies/dist/write-page.js");
  return 0;
});
