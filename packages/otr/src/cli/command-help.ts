/** @file The help text of a command, from its option schema. */
import type { z } from "zod";
import { describeOptions, groupOptions, type OptionDescription } from "../config/describe-options.js";
import { formatDefault } from "../config/format-value.js";
import { wrapText } from "./wrap-text.js";

/** What the help of a command says beside its options. */
export interface CommandHelp {
  /** `otr train [CONFIG.yaml] [--option value ...]` */
  readonly usage: string;
  readonly summary: string;
  /** Flags without a value, and what they do. */
  readonly switches: Readonly<Record<string, string>>;
  /** Command lines to copy. */
  readonly examples?: readonly string[];
}

/** Help of at most 80 columns: options by group, with placeholder, default and unit. */
export function commandHelp(schema: z.ZodObject, help: CommandHelp): string {
  const sections = [wrapText(`Usage: ${help.usage}`), wrapText(help.summary)];
  for (const [group, options] of groupOptions(describeOptions(schema))) {
    sections.push([`${group}:`, ...options.map(optionHelp)].join("\n"));
  }
  const switches = Object.entries({ ...help.switches, help: "Show this text." });
  const switchLines = switches.map(([name, text]) => `  --${name}\n${wrapText(text, { indent: 6 })}`);
  sections.push(["Switches:", ...switchLines].join("\n"));
  if (help.examples) sections.push(["Examples:", ...help.examples.map((line) => `  ${line}`)].join("\n"));
  return `${sections.join("\n\n")}\n`;
}

function optionHelp(option: OptionDescription): string {
  const unit = option.unit === null ? "" : `${option.unit}; `;
  const fallback = option.required ? "required" : `default ${formatDefault(option.default)}`;
  const value = `${option.placeholder} [${unit}${fallback}]`;
  const oneLine = `  --${option.name} ${value}`;
  const head = oneLine.length <= 80 ? oneLine : `  --${option.name}\n${wrapText(value, { indent: 6 })}`;
  return `${head}\n${wrapText(option.description, { indent: 6 })}`;
}
