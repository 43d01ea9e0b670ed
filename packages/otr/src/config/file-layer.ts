/** @file Reads a YAML or JSON configuration file into a layer of options. */
import { type Document, isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { Problem } from "../errors.js";
import type { OptionDescription } from "./describe-options.js";
import { type Entry, type Layer, unknownOption } from "./layer.js";
import { flagName, optionKey, optionName } from "./option-name.js";
import { readConfigText } from "./read-config-text.js";
import { readItems, readText, renameFields } from "./read-text.js";

/**
 * Reads a file of `option: value` lines, the options spelled `learning_rate` or `learningRate`. JSON is read as
 * the YAML that it is. Mistakes carry the file and the line; a file that cannot be understood is one mistake.
 */
export function readFileLayer(path: string, options: readonly OptionDescription[]): Layer {
  const takesRows = options.some((option) => option.key === "dataset");
  const content = readConfigText(path, takesRows ? flagName("dataset") : null);
  if ("problem" in content) return onlyProblem(path, content.problem);

  const lineCounter = new LineCounter();
  const document = parseDocument(content.text, { lineCounter, prettyErrors: false });
  const at = (offset: number | undefined) => `${path}:${lineCounter.linePos(offset ?? 0).line}`;
  const [error] = document.errors;
  if (error !== undefined) return onlyProblem(at(error.pos[0]), `is not valid YAML: ${error.message}.`);
  const values = plainValues(document);
  if (values instanceof Error) return onlyProblem(path, `is not valid YAML: ${values.message}.`);
  if (!isMap(document.contents)) {
    return onlyProblem(path, "holds no options. Write one `option: value` a line.");
  }

  const byKey = new Map(options.map((option) => [option.key, option]));
  const entries = new Map<string, Entry>();
  const problems: Problem[] = [];
  for (const { key: node } of document.contents.items) {
    const name = isScalar(node) ? String(node.value) : String(node);
    const where = `${at(isScalar(node) ? node.range?.[0] : undefined)} ${name}`;
    const option = byKey.get(optionKey(name));
    if (option === undefined) {
      problems.push({ where, message: unknownOption(name, options, optionName) });
    } else if (entries.has(option.key)) {
      problems.push({ where, message: "is given more than once, and only one value can hold. Keep one." });
    } else {
      entries.set(option.key, { value: fitValue(values[name], option), where });
    }
  }
  return { entries, problems };
}

function onlyProblem(where: string, message: string): Layer {
  return { entries: new Map(), problems: [{ where, message }], unreadable: true };
}

/** The document as ordinary values, or the error of an alias that leads nowhere or to too much. */
function plainValues(document: Document): Record<string, unknown> | Error {
  try {
    return document.toJS();
  } catch (error) {
    return error as Error;
  }
}

/** A quoted `"1e-3"` is a number where the option takes numbers, and one text is a list where it takes lists. */
function fitValue(value: unknown, option: OptionDescription): unknown {
  if (option.kinds.has("list") && !option.kinds.has("text") && typeof value === "string")
    return readItems(value, option);
  if (typeof value === "string") return readText(value, option);
  return option.kinds.has("object") ? renameFields(value, option.fields) : value;
}
