/** What a terminal can show. */
export interface TerminalStyle {
  /** Whether it takes characters beyond ASCII. */
  readonly isUnicode: boolean;
  readonly hasColor: boolean;
}

/**
 * What a terminal can show by its environment: the locale, `NO_COLOR`, `TERM`. Null where it cannot even move its cursor
 * (`TERM=dumb`), so that lines are all that it takes.
 */
export function terminalStyle(
  environment: Readonly<Record<string, string | undefined>>,
): TerminalStyle | null {
  const { TERM: terminal = "", NO_COLOR: noColor = "" } = environment;
  const { LC_ALL: allCategories, LC_CTYPE: characters, LANG: language } = environment;
  if (terminal === "dumb") return null;
  // As setlocale reads them: the first that is set decides.
  const locale = [allCategories, characters, language].find((value) => value !== undefined && value !== "");
  return { isUnicode: /utf-?8/i.test(locale ?? ""), hasColor: noColor === "" };
}
