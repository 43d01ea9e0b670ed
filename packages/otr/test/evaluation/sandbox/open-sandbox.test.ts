import { afterEach, describe, expect, it, vi } from "vitest";
import { openSandbox } from "../../../src/evaluation/sandbox/open-sandbox.js";
import { probeSandbox } from "../../../src/evaluation/sandbox/probe-sandbox.js";
import { ConfigError } from "../../../src/errors.js";

const probe = await probeSandbox();
if (!probe.available) console.warn(`SKIPPED: this machine cannot provide a sandbox: ${probe.reason}`);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("openSandbox", () => {
  it.each([
    [false, undefined, /--confirm_run_unsafe_code\) and HF_ALLOW_CODE_EVAL=1/],
    [true, undefined, /needs HF_ALLOW_CODE_EVAL=1 in the environment/],
    [true, "0", /needs HF_ALLOW_CODE_EVAL=1 in the environment/],
    [false, "1", /needs the option confirm_run_unsafe_code: true/],
  ])("wants both switches: option %s, environment %s", async (confirmRunUnsafeCode, variable, message) => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", variable);
    const opening = openSandbox({ confirmRunUnsafeCode });
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(message);
  });

  it("refuses with the reason where there is no sandbox", async () => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", "1");
    const opening = openSandbox({ confirmRunUnsafeCode: true, python: "/no/such/python" });
    await expect(opening).rejects.toMatchObject({ code: "SANDBOX_UNAVAILABLE" });
    await expect(opening).rejects.toThrow(/never run without one: no Python .*\/no\/such\/python.*ENOENT/);
  });

  it("refuses a Python that does not run programs", async () => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", "1");
    const opening = openSandbox({ confirmRunUnsafeCode: true, python: "/bin/true" });
    await expect(opening).rejects.toMatchObject({ code: "SANDBOX_UNAVAILABLE" });
  });
});

describe.skipIf(!probe.available)("a sandbox", () => {
  const open = (concurrency: number) => {
    vi.stubEnv("HF_ALLOW_CODE_EVAL", "1");
    return openSandbox({ confirmRunUnsafeCode: true, concurrency });
  };

  it("says which Python it is", async () => {
    const sandbox = await open(1);
    const { stderrTail } = await sandbox.run(
      "import platform, sys; print(platform.python_version(), file=sys.stderr)",
    );
    expect(stderrTail.trim()).toBe(sandbox.pythonVersion);
  });

  it("runs a program whose time is over once more, by itself", async () => {
    const sandbox = await open(2);
    const [slow, ...others] = await Promise.all([
      sandbox.run("while True: pass", { timeoutSeconds: 0.5 }),
      ...Array.from({ length: 4 }, () => sandbox.run("pass", { timeoutSeconds: 20 })),
    ]);
    expect(slow).toMatchObject({ reason: "timed out", attempts: 2 });
    expect(slow!.seconds).toBeLessThan(1.5);
    for (const other of others) expect(other).toMatchObject({ reason: "passed", attempts: 1 });
  });

  it("says which module a task needs that its Python has not", async () => {
    const sandbox = await open(1);
    await sandbox.requireModules(["math", "json"]);
    await expect(sandbox.requireModules(["math", "no_such_module"])).rejects.toMatchObject({
      code: "SANDBOX_MODULES",
      message: expect.stringMatching(/No module named 'no_such_module'.*OTR_SANDBOX_PYTHON/),
    });
  });

  it("gives programs side by side users of their own", async () => {
    const sandbox = await open(3);
    const program = "import os, sys, time; time.sleep(0.3); print(os.getuid(), file=sys.stderr)";
    const results = await Promise.all([1, 2, 3].map(() => sandbox.run(program, { timeoutSeconds: 20 })));
    const users = new Set(results.map(({ stderrTail }) => stderrTail));
    expect(users.size).toBe(sandbox.mode === "root" ? 3 : 1);
  });
});
