import { fitTerminal } from "./fit-terminal.js";

/** Tells the person something, on standard error. */
export function writeNote(text: string): void {
  process.stderr.write(fitTerminal(`note: ${text}\n`, process.stderr));
}
