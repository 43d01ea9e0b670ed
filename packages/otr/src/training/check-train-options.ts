import { closest } from "../config/closest.js";
import { formatValue } from "../config/format-value.js";
import { ConfigError, type Problem } from "../errors.js";

const FUNCTIONS = ["onEvent", "shouldStop"];

/**
 * Checks the second argument of `train`, whose mistakes would otherwise show only after hours of training.
 *
 * @throws {ConfigError} for an unknown name, or a value that is no function
 */
export function checkTrainOptions(options: unknown): void {
  if (typeof options !== "object" || options === null) {
    const message = `found ${formatValue(options)}, but the second argument is an object such as { onEvent }.`;
    throw new ConfigError([{ where: "options", message }]);
  }
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (!FUNCTIONS.includes(name)) {
      const near = closest(name, FUNCTIONS);
      const remedy = near === null ? `Known are ${FUNCTIONS.join(" and ")}` : `Did you mean ${near}`;
      const end = near === null ? "; options of training stand in the first argument." : "?";
      problems.push({
        where: name,
        message: `the second argument of train has no such option. ${remedy}${end}`,
      });
    } else if (value !== undefined && typeof value !== "function") {
      problems.push({ where: name, message: `found ${formatValue(value)}, but needs a function.` });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
