import type { Expression } from "./expression.js";

/** A text that two expressions have in common if they are written alike, but for the digits of a number. */
export const structuralKey = (expression: Expression): string =>
  JSON.stringify(expression, (key, value: unknown) => {
    if (key === "places") return undefined;
    return typeof value === "bigint" ? value.toString() : value;
  });
