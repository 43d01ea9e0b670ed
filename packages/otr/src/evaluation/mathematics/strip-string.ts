/** Thrown where the reference fails, which it answers by comparing the texts as they are. */
export class UnstrippableError extends Error {
  override readonly name = "UnstrippableError";
}

/**
 * An answer in the form that the MATH data set's own code compares: `strip_string` of D. Hendrycks et al., "Measuring
 * Mathematical Problem Solving With the MATH Dataset" (arXiv 2103.03874), as lm-evaluation-harness has it. It removes
 * spaces, degrees, dollars, percent signs and units in `\text{ ...}`, and writes fractions and roots in one way.
 *
 * @throws {UnstrippableError} where the reference raises an error: two units, a fraction or root at the end of the text, a
 *   single "/" between anything but integers
 */
export function stripString(text: string): string {
  let stripped = text
    .replaceAll("\n", "")
    .replaceAll("\\!", "")
    .replaceAll("\\\\", "\\")
    .replaceAll("tfrac", "frac")
    .replaceAll("dfrac", "frac")
    .replaceAll("\\left", "")
    .replaceAll("\\right", "")
    .replaceAll("^{\\circ}", "")
    .replaceAll("^\\circ", "")
    .replaceAll("\\$", "");
  stripped = withoutUnit(stripped).replaceAll("\\%", "").replaceAll(" .", " 0.").replaceAll("{.", "{0.");
  if (stripped === "") return stripped;
  if (stripped.startsWith(".")) stripped = `0${stripped}`;
  const [left, right, ...others] = stripped.split("=");
  if (right !== undefined && others.length === 0 && [...left!].length <= 2) stripped = right;
  stripped = bracedFractions(bracedRoots(stripped).replaceAll(" ", ""));
  if (stripped === "0.5") stripped = "\\frac{1}{2}";
  return slashAsFraction(stripped);
}

function withoutUnit(text: string): string {
  const parts = text.split("\\text{ ");
  if (parts.length > 2) throw new UnstrippableError("more than one unit");
  return parts[0]!;
}

function bracedRoots(text: string): string {
  const [before, ...roots] = text.split("\\sqrt");
  const braced = roots.map((root) => {
    if (root === "") throw new UnstrippableError("a root of nothing");
    if (root.startsWith("{")) return root;
    const [first, ...rest] = root;
    return `{${first}}${rest.join("")}`;
  });
  return [before, ...braced].join("\\sqrt");
}

function bracedFractions(text: string): string {
  const [before, ...fractions] = text.split("\\frac");
  const braced: string[] = [];
  for (const fraction of fractions) {
    if (fraction === "") throw new UnstrippableError("a fraction of nothing");
    if (fraction.startsWith("{")) {
      braced.push(fraction);
      continue;
    }
    const [above, below, ...rest] = fraction;
    if (below === undefined) return text;
    braced.push(`{${above}}${below === "{" ? "{" : `{${below}}`}${rest.join("")}`);
  }
  return [before, ...braced].join("\\frac");
}

function slashAsFraction(text: string): string {
  const parts = text.split("/");
  if (parts.length !== 2) return text;
  if (!parts.every((part) => /^[+-]?\d+(_\d+)*$/.test(part))) {
    throw new UnstrippableError("a quotient of other things than integers");
  }
  const isPlain = parts.every((part) => /^(0|-?[1-9]\d*)$/.test(part));
  return isPlain ? `\\frac{${parts[0]}}{${parts[1]}}` : text;
}
