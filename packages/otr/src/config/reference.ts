/** @file The option reference, `docs/options.md`, from the option schemas. */
import type { z } from "zod";
import { compareOptions } from "./compare-options.js";
import { describeOptions, groupOptions, type OptionDescription } from "./describe-options.js";
import { formatDefault } from "./format-value.js";
import { evaluateOptions } from "./evaluate-options.js";
import { generateOptions } from "./generate-options.js";
import { ownInspectOptions } from "./inspect-options.js";
import { checkpointsOptions } from "./checkpoints-options.js";
import { mergeOptions } from "./merge-options.js";
import { ownPlanOptions } from "./plan-options.js";
import { pushOptions } from "./push-options.js";
import { repeatOptions } from "./repeat-options.js";
import { reportOptions } from "./report-options.js";
import { trainOptions } from "./train-options.js";

/** The text of `docs/options.md`. */
export function optionReference(): string {
  return `# Options

<!-- Generated from packages/otr/src/config; \`npx otr schema --reference\` prints it. -->

Options are written on the command line as \`--learning_rate 1e-5\` (or \`--learning-rate\`), or in a YAML or JSON
file that is the command's first argument, as \`learning_rate: 1e-5\`. Flags beat the file, the file beats the
defaults. In TypeScript the same names are spelled in camelCase. \`otr schema\` prints the JSON Schema of such a file.

${commandReference("otr train", trainOptions)}
## \`otr train --repeat\`

Trains again what a run's record tells of, and compares ([watching.md](watching.md)).

${table(describeOptions(repeatOptions))}

## \`otr inspect\`

The options of \`otr train\`, without need of an \`output_dir\`, and these:

${table(describeOptions(ownInspectOptions))}

## \`otr plan\`

The options of \`otr train\`, this one otherwise:

${table(describeOptions(ownPlanOptions))}

${commandReference("otr merge", mergeOptions)}
${commandReference("otr generate", generateOptions)}
${commandReference("otr evaluate", evaluateOptions)}
${commandReference("otr compare", compareOptions)}
${commandReference("otr push", pushOptions)}
${commandReference("otr checkpoints", checkpointsOptions)}
${commandReference("otr report", reportOptions)}`;
}

function commandReference(command: string, schema: z.ZodObject): string {
  const groups = groupOptions(describeOptions(schema));
  const tables = [...groups].map(([group, options]) => `### ${group}\n\n${table(options)}\n`);
  return `## \`${command}\`\n\n${tables.join("\n")}`;
}

function table(options: readonly OptionDescription[]): string {
  const rows = options.map((option) => {
    const type = `\`${option.placeholder.replaceAll("|", "\\|")}\``;
    const fallback = option.required ? "required" : `\`${formatDefault(option.default)}\``;
    const unit = option.unit === null ? "" : ` (${option.unit})`;
    return `| \`${option.name}\` | ${type}${unit} | ${fallback} | ${option.description} |`;
  });
  return ["| Option | Value | Default | What it sets |", "|---|---|---|---|", ...rows].join("\n");
}
