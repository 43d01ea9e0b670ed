import { afterEach, describe, expect, it, vi } from "vitest";
import { reportError } from "../../src/cli/report-error.js";
import { ConfigError, DataError, RunError, UsageError } from "../../src/errors.js";

function report(
  error: unknown,
  terminal: { isTTY?: boolean; columns?: number } = {},
): { status: number; text: string } {
  let text = "";
  const status = reportError(error, { ...terminal, write: (part) => (text += part) });
  return { status, text };
}

afterEach(() => vi.unstubAllEnvs());

describe("reportError", () => {
  it("ends with 2 for what the user can mend, without a stack", () => {
    for (const error of [
      new UsageError("UNKNOWN_COMMAND", "no such command"),
      new DataError("ROW_INVALID", "rows.jsonl:3: no prompt"),
    ]) {
      expect(report(error)).toEqual({ status: 2, text: `otr: ${error.message}\n` });
    }
  });

  it("lists the mistakes of a configuration", () => {
    const problems = [
      { where: "--seed", message: "wrong" },
      { where: "run.yaml:3 otr_beta", message: "also wrong" },
    ];
    const { status, text } = report(new ConfigError(problems));
    expect(status).toBe(2);
    expect(text).toBe(
      "otr: 2 mistakes in the configuration. Nothing was loaded or written.\n" +
        "  --seed\n      wrong\n  run.yaml:3 otr_beta\n      also wrong\n",
    );
  });

  it("says what needs less memory where there is none left", () => {
    const error = Object.assign(
      new Error("aten::zeros: can't allocate memory: you tried to allocate 9 bytes"),
      {
        code: "TORCH_RUNTIME",
      },
    );
    const { status, text } = report(error);
    expect(status).toBe(1);
    expect(text).toMatch(
      /tried to allocate 9 bytes\nThere is not enough memory\..*per_device_train_batch_size/,
    );
  });

  it("ends with 1 for failures at run time", () => {
    expect(report(new RunError("NON_FINITE", "stopped"))).toEqual({ status: 1, text: "otr: stopped\n" });
    const disk = Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
    expect(report(disk)).toEqual({ status: 1, text: "otr: ENOSPC: no space left\n" });
  });

  it("breaks messages at the width of a terminal, and nowhere else", () => {
    const error = new DataError("X", `rows.jsonl:1: ${"word ".repeat(30)}end\n  ${"other ".repeat(20)}end`);
    const { text } = report(error, { isTTY: true, columns: 60 });
    const lines = text.trimEnd().split("\n");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(lines.at(-1)).toMatch(/^ {2}other/);
    expect(report(error).text).toBe(`otr: ${error.message}\n`);
    const config = new ConfigError([{ where: "--seed", message: "word ".repeat(50) }]);
    expect(
      Math.max(
        ...report(config, { isTTY: true, columns: 100 })
          .text.split("\n")
          .map(({ length }) => length),
      ),
    ).toBeGreaterThan(90);
  });

  it("shows the stack of defects", () => {
    const { status, text } = report(new TypeError("x is not a function"));
    expect(status).toBe(1);
    expect(text).toMatch(/^otr: internal: x is not a function\n.*defect(.|\n)*at /);
    expect(report("thrown text").text).toBe("otr: thrown text\n");
  });

  it("shows stacks and causes where they are asked for", () => {
    vi.stubEnv("OTR_DEBUG", "1");
    const error = new DataError("X", "outer", { cause: new Error("inner") });
    expect(report(error).text).toMatch(/Caused by: Error: inner/);
  });
});
