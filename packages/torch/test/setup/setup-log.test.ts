import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
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
