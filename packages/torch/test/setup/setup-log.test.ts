import { Writable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import { terminalLog, wrap } from "../../setup/setup-log.js";

/** A log whose text can be read. */
function recordedLog(options: { isTTY: boolean; quiet?: boolean }) {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, callback) {
      text += chunk;
      callback();
    },
  });
  const log = terminalLog({ stream: Object.assign(stream, { isTTY: options.isTTY }), quiet: options.quiet });
  return { log, text: () => text };
}

afterEach(() => vi.useRealTimers());

describe("terminalLog", () => {
  it("draws a bar of at most 80 columns on a terminal", () => {
    const { log, text } = recordedLog({ isTTY: true });
    log.step("Fetching", "because");
    log.progress(0.5, "x".repeat(200));
    const line = text().split("\x1b[K").at(-1) ?? "";
    expect(line).toContain("[############............]  50 %");
    expect(line.length).toBeLessThanOrEqual(80);
  });

  it("writes no control characters elsewhere", () => {
    const { log, text } = recordedLog({ isTTY: false });
    log.step("Fetching", "because");
    log.progress(0.5, "half");
    log.done("there");
    expect(text()).not.toContain("\x1b");
    expect(text()).toMatch(/^Fetching\n {2}because\n {2}done in \d+\.\d s: there\n$/);
  });

  it("tells every ten seconds what is at work, though nothing is reported", () => {
    vi.useFakeTimers();
    const { log, text } = recordedLog({ isTTY: false });
    log.step("Compiling", "because");
    vi.advanceTimersByTime(10_000);
    log.progress(0.5, "compiling a.cc");
    vi.advanceTimersByTime(20_000);
    log.done("there");
    vi.advanceTimersByTime(60_000);
    expect(text().split("\n").slice(2)).toEqual([
      "  10 s",
      "   50 %  20 s  compiling a.cc",
      "   50 %  30 s  compiling a.cc",
      "  done in 30.0 s: there",
      "",
    ]);
  });

  it("moves the clock of a terminal every second", () => {
    vi.useFakeTimers();
    const { log, text } = recordedLog({ isTTY: true });
    log.step("Installing", "because");
    vi.advanceTimersByTime(2000);
    expect(text().split("\r\x1b[K").slice(1)).toEqual(["  1 s", "  2 s"]);
    log.done("there");
  });

  it("keeps quiet about what is ready, when asked to", () => {
    const quiet = recordedLog({ isTTY: false, quiet: true });
    quiet.log.ready("libtorch", "there");
    expect(quiet.text()).toBe("");
    const plain = recordedLog({ isTTY: false });
    plain.log.ready("libtorch", "there");
    expect(plain.text()).toBe("libtorch: there\n");
  });
});

describe("wrap", () => {
  it("breaks between words and never inside one", () => {
    const path = `/${"long".repeat(30)}`;
    const lines = wrap(`${"word ".repeat(30)}${path} end`, "  ").split("\n");
    expect(lines).toContain(`  ${path}`);
    for (const line of lines) if (!line.includes(path)) expect(line.length).toBeLessThanOrEqual(80);
  });
});
