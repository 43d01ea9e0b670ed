/** @file How a set-up tells what it does: bars on a terminal, plain lines elsewhere. */

/**
 * @typedef {object} SetupLog
 * @property {(title: string, reason: string) => void} step work begins: what is done, and why
 * @property {(fraction: number, detail: string) => void} progress of the work that began last, 0 to 1
 * @property {(detail: string) => void} done the work that began last has ended
 * @property {(title: string, detail: string) => void} ready nothing had to be done here
 */

const WIDTH = 78;
const BAR = 24;
const LINE_EVERY_MS = 10_000;
const REDRAW_EVERY_MS = 1000;

/**
 * A log for people. Lines keep within 80 columns. While work goes on, the time and the last progress are shown every
 * second on a terminal, and every ten seconds elsewhere, whether or not progress is reported.
 *
 * @param {object} [options]
 * @param {{ isTTY?: boolean, write(text: string): unknown }} [options.stream]
 * @param {boolean} [options.quiet] say nothing where nothing has to be done
 * @returns {SetupLog}
 */
export function terminalLog({ stream = process.stderr, quiet = false } = {}) {
  let began = 0;
  let share = "";
  let doing = "";
  /** @type {NodeJS.Timeout | undefined} */
  let clock;
  const clear = () => stream.isTTY && stream.write("\r\x1b[K");
  const show = () => {
    const seconds = `${Math.round((Date.now() - began) / 1000)} s`;
    const line = `  ${[share, seconds, doing].filter(Boolean).join("  ")}`.slice(0, WIDTH);
    clear();
    stream.write(stream.isTTY ? line : `${line}\n`);
  };
  return {
    step(title, reason) {
      began = Date.now();
      share = doing = "";
      stream.write(`${title}\n${wrap(reason, "  ")}\n`);
      clearInterval(clock);
      clock = setInterval(show, stream.isTTY ? REDRAW_EVERY_MS : LINE_EVERY_MS).unref();
    },
    progress(fraction, detail) {
      const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR);
      const bar = `[${"#".repeat(filled)}${".".repeat(BAR - filled)}] `;
      share = (stream.isTTY ? bar : "") + percent(fraction);
      doing = detail;
      if (stream.isTTY) show();
    },
    done(detail) {
      clearInterval(clock);
      clear();
      stream.write(`${wrap(`done in ${((Date.now() - began) / 1000).toFixed(1)} s: ${detail}`, "  ")}\n`);
    },
    ready(title, detail) {
      if (!quiet) stream.write(`${wrap(`${title}: ${detail}`, "")}\n`);
    },
  };
}

/** @param {number} fraction */
const percent = (fraction) => `${String(Math.floor(fraction * 100)).padStart(3)} %`;

/**
 * Breaks a text into lines of at most 78 columns.
 *
 * @param {string} text
 * @param {string} indent
 * @returns {string}
 */
export function wrap(text, indent) {
  const lines = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line !== indent && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}
