/** An answer is no formula that can be compared as one; its text is compared instead. */
export class LatexSyntaxError extends Error {
  override readonly name = "LatexSyntaxError";
}
