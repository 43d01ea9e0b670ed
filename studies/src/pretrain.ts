/**
 * @file Makes a base model of the study with the package's own trainer: `node studies/dist/pretrain.js llama_5m`.
 * docs/study.md tells how long each takes. The same machine and build give the same bytes.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeBaseModel } from "@one-token/demo/make-base-model";
import { Exit, runProgram, withWorkFolder } from "@one-token/demo/session";
import { baseModelNames, baseModels } from "./base-models.js";

/** Where the configurations of the study look for models; the repository keeps none of them. */
const modelsFolder = fileURLToPath(new URL("../../out/study/models", import.meta.url));

async function pretrain(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true, options: {} });
  const name = baseModelNames.find((each) => each === positionals[0]);
  if (name === undefined || positionals.length > 1)
    throw new Exit(
      2,
      `Name one of the models ${baseModelNames.join(", ")}: node studies/dist/pretrain.js NAME`,
    );
  const start = performance.now();
  const output = join(modelsFolder, name);
  await withWorkFolder((workFolder, signal) =>
    makeBaseModel(baseModels[name], { workFolder, output, signal, log: console.log }),
  );
  console.log(`Made ${output} in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
  return 0;
}

await runProgram(pretrain);
