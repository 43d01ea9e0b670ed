/** @file Functions of the task `ifeval` (Zhou et al., arXiv 2311.07911). */
import { type Document, RowError, textsOf } from "../document.js";
import { type FollowsInstruction, strip } from "../instructions/instruction.js";
import { instruction } from "../instructions/registry.js";
import type { MetricValue, MetricValues } from "../metrics/metric.js";

/** The rows as they are, once all of their instructions can be checked: an answer may take minutes to write. */
export function processDocs(documents: readonly Document[]): Document[] {
  for (const [at, document] of documents.entries()) {
    try {
      instructionsOf(document);
    } catch (error) {
      if (error instanceof RowError) throw new RowError(`(doc_id ${at}) ${error.message}`, { cause: error });
      throw error;
    }
  }
  return [...documents];
}

/**
 * Which instructions an answer follows, and whether it follows all of them; strictly, and loosely: as it is, without its
 * first line, its last, or both, and each of these without stars.
 */
export async function processResults(document: Document, response: string): Promise<MetricValues> {
  const instructions = instructionsOf(document);
  const followed = (variants: readonly string[]): boolean[] => {
    const texts = variants.filter((variant) => strip(variant) !== "");
    return instructions.map((follows) => texts.some(follows));
  };
  const strict = followed([response]);
  const loose = followed(variantsOf(response));
  return {
    prompt_level_strict_acc: !strict.includes(false),
    inst_level_strict_acc: strict,
    prompt_level_loose_acc: !loose.includes(false),
    inst_level_loose_acc: loose,
  };
}

/** The share of all instructions that are followed. */
export function aggInstLevelAcc(items: readonly MetricValue[]): number {
  const all = items.flat();
  return all.filter((item) => item === true).length / all.length;
}

function variantsOf(response: string): string[] {
  const lines = response.split("\n");
  const shorter = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)].map((rest) =>
    strip(rest.join("\n")),
  );
  return [response, ...shorter].flatMap((text) => [text, text.replaceAll("*", "")]);
}

/** @throws {RowError} for instructions that are not known, and arguments that are missing or wrong */
function instructionsOf(document: Document): FollowsInstruction[] {
  const ids = textsOf(document, "instruction_id_list");
  const { kwargs } = document;
  if (!Array.isArray(kwargs) || kwargs.length !== ids.length)
    throw new RowError("needs as many objects in the column kwargs as instructions in instruction_id_list");
  return ids.map((id, at) => instruction(id, Object(kwargs[at])));
}
