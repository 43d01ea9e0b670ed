/** @file Instructions about parts that an answer has. */
import { PythonRegex } from "../python-regex.js";
import { strip, type InstructionKind } from "./instruction.js";

/** At least so many places to fill in, such as `[address]`. */
export const numberPlaceholders: InstructionKind = (settings) => {
  const least = settings.count("num_placeholders");
  return (answer) => answer.split("\n").reduce((count, line) => count + placeholdersOf(line), 0) >= least;
};

/** Brackets that are closed on their line. A search for `\[.*?\]` would take quadratic time where none is. */
function placeholdersOf(line: string): number {
  let count = 0;
  for (let from = line.indexOf("["); from >= 0; count += 1) {
    const end = line.indexOf("]", from);
    if (end < 0) return count;
    from = line.indexOf("[", end);
  }
  return count;
}

/** Markers whose form is not taken literally. */
const MARKERS = new Map([
  ["P.P.S", "p\\.\\s?p\\.\\s?s"],
  ["P.S.", "p\\.\\s?s\\."],
]);

/** A postscript, by its marker: anywhere, without regard to case. */
export const postscript: InstructionKind = (settings) => {
  const marker = strip(settings.text("postscript_marker"));
  const pattern = new PythonRegex(MARKERS.get(marker) ?? marker.toLowerCase());
  return (answer) => pattern.isIn(answer.toLowerCase());
};
