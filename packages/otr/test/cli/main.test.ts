import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasShared, shared } from "../shared.js";

const program = fileURLToPath(new URL("../../bin/otr.js", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-main-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function otr(...args: string[]) {
  return spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
}

describe.skipIf(!hasShared)("a GPU that is not there", () => {
  it("is an error that says what is missing, found before libtorch is loaded without CUDA", () => {
    const model = shared("models/stories260k");
    const { status, stderr } = otr("generate", "--model", model, "--prompt", "a", "--device", "cuda:999");
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/setup.* --device cuda|found "cuda:999"/);
  });
});

/** Runs a command on a terminal of its own, and closes the terminal once `sign` stands on it. */
const CLOSE_TERMINAL = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
seen = b""
while sys.argv[1].encode() not in seen:
    seen += os.read(terminal, 4096)
os.close(terminal)
os.waitpid(child, 0)
`;

describe.skipIf(!hasShared)("a terminal that is closed", () => {
  it("ends training as an interruption, with the model saved", { timeout: 120_000 }, () => {
    const out = join(folder, "closed-terminal");
    const options = ["--model_name_or_path", shared("models/stories260k"), "--output_dir", out];
    options.push("--dataset", shared("reference/trajectories/rows.jsonl"), "--max_steps", "100000");
    options.push("--num_threads", "1", "--logging_steps", "1");
    const command = [process.execPath, program, "train", ...options];
    spawnSync("python3", ["-c", CLOSE_TERMINAL, "step", ...command], { timeout: 100_000 });
    const run = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
    expect(run).toMatchObject({ status: "interrupted" });
    const checkpoint = readdirSync(out).find((name) => name.startsWith("checkpoint-"));
    expect(readdirSync(join(out, checkpoint!))).toContain("model.safetensors");
  });
});

describe("help", () => {
  it.each([["--help"], ["-h"], ["help"], ["help", "unknown"]])("otr %s lists the commands", (...args) => {
    const { status, stdout, stderr } = otr(...args);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /train .*\n.*plan .*\n.*inspect .*\n.*generate .*\n.*evaluate .*\n.*merge .*\n.*push .*\n.*checkpoints .*\n.*report .*\n.*compare .*\n.*doctor .*\n.*setup .*\n.*schema /,
    );
  });

  it.each(["train", "plan", "inspect", "generate", "push", "checkpoints", "doctor", "setup", "schema"])(
    "otr %s --help",
    (command) => {
      const { status, stdout, stderr } = otr(command, "--help");
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: otr ${command}`));
      expect(otr("help", command).stdout).toBe(stdout);
    },
  );

  it("prints the version", () => {
    for (const flag of ["--version", "-V"]) {
      expect(otr(flag)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    }
  });

  it("answers without a command with the commands, as an error", () => {
    for (const nothing of [[], [""]]) {
      const stderr = expect.stringMatching(/^Usage: otr COMMAND/);
      expect(otr(...nothing)).toMatchObject({ status: 2, stdout: "", stderr });
    }
  });
});

describe("mistakes", () => {
  it.each([
    [["trian"], /no command trian\. Did you mean otr train\?/],
    [["xyzzy"], /no command xyzzy\.\nCommands: train/],
    [
      ["--learning_rate", "1"],
      /the first argument is the option --learning_rate, but a command must stand there/,
    ],
    [["schema", "trane"], /takes train, inspect, generate, evaluate or compare/],
    [["doctor", "--bogus"], /--bogus\n.*no such option\. Known are --help and --json\./],
    [["doctor", "now"], /now\n.*not expected/],
    [["setup", "--device", "gpu"], /--device\n.*needs cpu or cuda/],
    [["generate", "--prompt", "a"], /model\n.*is missing/],
  ])("otr %o ends with 2", (args, message) => {
    const { status, stdout, stderr } = otr(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it("reports several at once, from flags and file, and writes nothing", () => {
    const file = join(folder, "run.yaml");
    const output = join(folder, "out");
    writeFileSync(file, "learning_rate: fast\nlos_type: nll\n");
    const flags = [
      "--model_name_or_path",
      join(folder, "none"),
      "--dataset",
      "org/name.jsonl",
      "--output_dir",
      output,
    ];
    const { status, stderr } = otr(
      "train",
      file,
      ...flags,
      "--max-steps",
      "many",
      "--report_to=x",
      "--otr_beta=2",
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(/^otr: 7 mistakes/);
    for (const text of [
      `${file}:1 learning_rate`,
      'found "fast", but needs a number above 0',
      `${file}:2 los_type`,
      "Did you mean loss_type?",
      "--max-steps",
      "--report_to",
      "found 2, but needs a number of at least -1000 and below 1",
      "does not exist",
      "org/name.jsonl does not exist",
    ]) {
      expect(stderr).toContain(text);
    }
    expect(existsSync(output)).toBe(false);
  });
});

it("prints JSON Schema and reference", () => {
  const schema: unknown = JSON.parse(otr("schema").stdout);
  expect(schema).toHaveProperty("properties.learning_rate.default", 2e-5);
  expect(JSON.parse(otr("schema", "generate").stdout)).toHaveProperty("properties.prompt.type", "array");
  expect(otr("schema", "--reference").stdout).toMatch(/^# Options/);
});

it("is quiet when the reader of its output goes away", () => {
  const piped = spawnSync("bash", ["-c", `"${process.execPath}" "${program}" schema | true`], {
    encoding: "utf8",
  });
  expect(piped.stderr).toBe("");
});

it("ends with a line when its output cannot be written", () => {
  const full = spawnSync("bash", ["-c", `"${process.execPath}" "${program}" schema > /dev/full`], {
    encoding: "utf8",
  });
  expect(full.status).toBe(1);
  expect(full.stderr).toMatch(/^otr: standard output cannot be written: ENOSPC[^\n]*\n$/);
});

it("answers help and mistakes without libtorch", () => {
  const withoutLibtorch = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], {
      encoding: "utf8",
      env: { ...process.env, OTR_LIBTORCH: "/nowhere" },
    });
  expect(withoutLibtorch("train", "--help")).toMatchObject({ status: 0, stderr: "" });
  const mistake = withoutLibtorch("train", "--learing_rate", "1");
  expect(mistake.status).toBe(2);
  expect(mistake.stderr).toContain("learning_rate");
  expect(mistake.stderr).not.toContain("/nowhere");
  expect(withoutLibtorch("doctor").stdout).toContain("/nowhere");
});
