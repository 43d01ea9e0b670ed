/** @file `otr inspect`: what training would make of its rows. */
import { nameSources } from "../config/dataset-sources.js";
import { writeFileAtomically } from "../models/write-file-atomically.js";
import { inspectOptionSet, inspectOptions, isChosen } from "../config/inspect-options.js";
import { counted } from "../config/format-value.js";
import { commandHelp } from "./command-help.js";
import { terminalWidth } from "./fit-terminal.js";
import { rowLine, summaryLine } from "./inspection-json.js";
import { inspectionPage, type TracedRow } from "./inspection-page.js";
import { legend, renderInspection, renderRow, type TextStyle } from "./inspection-text.js";
import { readCommandLine } from "./read-command-line.js";
import { EXIT, reportError } from "./report-error.js";
import { writeNote } from "./write-note.js";

/** Rows that are shown where none are chosen. */
const SHOWN_ROWS = 3;

/** A page holds its rows in memory. */
const MOST_ROWS_OF_A_PAGE = 1000;

/** Runs `otr inspect`; returns the exit status: 2 where `otr train` would not start, a missing end of turn aside. */
export async function runInspect(args: readonly string[]): Promise<number> {
  const commandLine = await readCommandLine(inspectOptionSet, args, help);
  if (commandLine === null) return EXIT.done;
  const { config, switches } = commandLine;
  const isJson = switches.has("json");
  const chosen = config.rows ?? (isJson ? "all" : SHOWN_ROWS);
  const style = styleOf(process.stdout);
  const kept: TracedRow[] = [];
  let shown = 0;
  const { inspectRun } = await import("../training/inspect-run.js");
  const inspection = await inspectRun(config, async (report) => {
    if (!isChosen(report.id, chosen)) return;
    const trace = await report.source.trace();
    if (config.html !== null && kept.length < MOST_ROWS_OF_A_PAGE) kept.push({ report, trace });
    if (!isJson && shown === 0) process.stdout.write(`${legend(style)}\n`);
    process.stdout.write(isJson ? `${rowLine(report, trace)}\n` : `${renderRow(report, trace, style)}\n`);
    shown += 1;
  });
  process.stdout.write(isJson ? `${summaryLine(inspection)}\n` : renderInspection(inspection, style));
  if (isJson) for (const warning of inspection.warnings) writeNote(warning);
  const { rows } = inspection.train;
  // Where reading stopped it is not known how many there are.
  const isReadToEnd = inspection.work !== null;
  if (isReadToEnd && Array.isArray(chosen) && chosen.some(([, last]) => last >= rows)) {
    writeNote(
      `--rows asks for rows that are not there: ${nameSources(config.dataset)} has ${counted(rows, "row")}, counted from 0.`,
    );
  }
  if (config.html !== null) {
    await writeFileAtomically(config.html, inspectionPage(kept, inspection));
    const part = kept.length < shown ? ` It has the first ${kept.length} of the ${shown} rows.` : "";
    writeNote(`The page is ${config.html}.${part}`);
  }
  return inspection.problem === null ? EXIT.done : reportError(inspection.problem);
}

/** Colour on a terminal, unless the environment forbids it (no-color.org). */
function styleOf(stream: NodeJS.WriteStream): TextStyle {
  const colour = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  return { width: stream.isTTY ? terminalWidth(stream) : 80, colour };
}

function help(): string {
  return commandHelp(inspectOptions, {
    usage: "otr inspect [CONFIG.yaml] [--option value ...]",
    summary:
      "Shows what otr train with the same options would make of its rows: the tokens of some of them, coloured by what is " +
      "learned, then what is cut or left out and why, lengths, duplicates, steps and tokens. It reads the tokenizer and " +
      "the rows, and no weights.",
    switches: {
      json: "Print one JSON line a row (all rows unless --rows says otherwise), then one for the summary.",
    },
    examples: [
      "otr inspect run.yaml",
      "otr inspect run.yaml --rows 0,5,17 --html page.html",
      "otr inspect --model_name_or_path MODEL --dataset rows.jsonl --json",
    ],
  });
}
