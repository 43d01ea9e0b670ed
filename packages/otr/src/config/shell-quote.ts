/** @file Quotes an argument for a command line that a person copies. */

/** The argument as it is where that is safe, otherwise in single quotes. */
export function shellQuote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
