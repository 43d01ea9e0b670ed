import { closest } from "../config/closest.js";
import { formatValue } from "../config/format-value.js";
import { ConfigError, type Problem } from "../errors.js";
import type { Objective } from "../objectives/objective.js";

const NAMES = ["onEvent", "shouldStop", "objective"];

/**
 * Checks the second argument of `train`, whose mistakes would otherwise show only after hours of training.
 *
 * @throws {ConfigError} for an unknown name, or a value of another kind
 */
export function checkTrainOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    const message = `found ${formatValue(options)}, but the second argument is an object such as { onEvent }.`;
    throw new ConfigError([{ where: "options", message }]);
  }
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (!NAMES.includes(name)) {
      const near = closest(name, NAMES);
      const remedy = near === null ? `Known are ${NAMES.join(", ")}` : `Did you mean ${near}`;
      const end = near === null ? "; options of training stand in the first argument." : "?";
      problems.push({
        where: name,
        message: `the second argument of train has no such option. ${remedy}${end}`,
      });
    } else if (value !== undefined && name === "objective") {
      problems.push(...wrongFieldsOf(value));
    } else if (value !== undefined && typeof value !== "function") {
      problems.push({ where: name, message: `found ${formatValue(value)}, but needs a function.` });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

/** What the fields are that an objective must have, by the names of `typeof`. */
const FIELDS: Readonly<
  Record<Exclude<keyof Objective, "terms" | "readsPrecedingTokens" | "trainsRollouts">, readonly string[]>
> = {
  lossType: ["string"],
  samples: ["boolean"],
  rewards: ["boolean"],
  valueLossCoef: ["number", "null"],
  evaluate: ["function"],
};

const kindOf = (value: unknown): string => (value === null ? "null" : typeof value);

function wrongFieldsOf(objective: unknown): Problem[] {
  if (typeof objective !== "object" || objective === null) {
    const message = `found ${formatValue(objective)}, but needs an Objective: an object with ${Object.keys(FIELDS).join(", ")}.`;
    return [{ where: "objective", message }];
  }
  const found = (name: string): unknown => Reflect.get(objective, name);
  return Object.entries(FIELDS)
    .filter(([name, kinds]) => !kinds.includes(kindOf(found(name))))
    .map(([name, kinds]) => ({
      where: `objective.${name}`,
      message: `found ${formatValue(found(name))}, but needs ${kinds.map((kind) => (kind === "null" ? kind : `a ${kind}`)).join(" or ")}.`,
    }));
}
