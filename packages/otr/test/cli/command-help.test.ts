import { describe, expect, it } from "vitest";
import { commandHelp } from "../../src/cli/command-help.js";
import { generateOptions } from "../../src/config/generate-options.js";
import { optionName } from "../../src/config/option-name.js";
import { trainOptions } from "../../src/config/train-options.js";

describe.each([
  ["train", trainOptions],
  ["generate", generateOptions],
])("help of %s", (command, schema) => {
  const help = commandHelp(schema, {
    usage: `otr ${command}`,
    summary: "Does it.",
    switches: { json: "JSON." },
  });

  it("fits 80 columns", () => {
    for (const line of help.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it("shows every option and switch", () => {
    const shown = [...help.matchAll(/^ {2}--(\S+)/gm)].map((match) => match[1]);
    expect(shown).toEqual([...Object.keys(schema.shape).map(optionName), "json", "help"]);
  });
});

it("shows placeholder, unit and default", () => {
  const help = commandHelp(trainOptions, { usage: "", summary: "", switches: {} });
  expect(help).toContain("  --learning_rate NUMBER [default 2e-5]\n");
  expect(help).toContain("  --max_length INTEGER [tokens; default 1024]\n");
  expect(help).toContain("  --output_dir FOLDER [required]\n");
});
