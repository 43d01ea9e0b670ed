import { afterEach, describe, expect, it, vi } from "vitest";
import { tokenCacheFolder } from "../../src/data/token-cache.js";
import { probeSandbox } from "../../src/evaluation/sandbox/probe-sandbox.js";
import { doctor, renderReport, runDoctor } from "../../src/cli/doctor.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("doctor", () => {
  it("finds all that training needs on a machine that was set up", async () => {
    const report = await doctor();
    expect(report.findings.filter(({ status }) => status === "missing")).toEqual([]);
    expect(report.ok).toBe(true);
    const facts = Object.fromEntries(report.findings.map((finding) => [finding.name, finding.facts]));
    expect(facts.Node?.version).toBe(process.version);
    expect(facts.libtorch?.version).toMatch(/^2\.11\.0/);
    expect(facts.addon?.openmp).toBe(true);
    expect(facts.threads?.used).toBeGreaterThan(0);
    expect(facts.memory?.total).toBeGreaterThan(Number(facts.memory?.available));
    expect(facts.disk?.free).toBeGreaterThan(0);
    expect(facts["token cache"]?.path).toBe(tokenCacheFolder());
    const sandbox = report.findings.find(({ name }) => name === "code sandbox");
    expect(sandbox?.status).toBe((await probeSandbox()).available ? "ok" : "absent");
  });

  it("turns what is missing into a line with a code and a remedy", async () => {
    vi.stubEnv("OTR_LIBTORCH", "/nowhere");
    const report = await doctor();
    const libtorch = report.findings.find(({ name }) => name === "libtorch");
    expect(libtorch).toMatchObject({ status: "missing", facts: { code: "LIBTORCH_INCOMPLETE" } });
    expect(libtorch?.detail).toContain("unset OTR_LIBTORCH");
    expect(report.ok).toBe(false);
  });
});

describe("the code sandbox", () => {
  it("is absent with the reason where programs cannot be shut in, which is no obstacle to training", async () => {
    vi.stubEnv("OTR_SANDBOX_PYTHON", "/no/such/python");
    const report = await doctor();
    const sandbox = report.findings.find(({ name }) => name === "code sandbox");
    expect(sandbox).toMatchObject({ status: "absent", detail: expect.stringContaining("/no/such/python") });
    expect(report.ok).toBe(true);
  });
});

describe("renderReport", () => {
  it("breaks what is longer than 80 columns, but no path", () => {
    const path = `/${"folder/".repeat(10)}torch.node`;
    const detail = `${path} (loads in 629 ms, 16 float32 lanes, OpenMP on)`;
    const report = renderReport({ ok: true, findings: [{ name: "addon", status: "ok", detail, facts: {} }] });
    const margin = " ".repeat(22);
    expect(report).toBe(
      `ok      addon         ${path}\n${margin}(loads in 629 ms, 16 float32 lanes, OpenMP on)\n`,
    );
  });

  it("begins each finding on a line of its own", () => {
    const findings = [
      { name: "Node", status: "ok", detail: "v20.20.2", facts: {} },
      { name: "addon", status: "missing", detail: "run `npm run setup`", facts: {} },
    ] as const;
    expect(renderReport({ ok: false, findings })).toBe(
      "ok      Node          v20.20.2\nmissing addon         run `npm run setup`\n",
    );
  });
});

describe("runDoctor", () => {
  it("prints one JSON document and returns the exit status", async () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    vi.stubEnv("OTR_LIBTORCH", "/nowhere");
    expect(await runDoctor({ json: true })).toBe(1);
    const text = write.mock.calls.map(([chunk]) => String(chunk)).join("");
    expect(JSON.parse(text)).toMatchObject({ ok: false });
  });
});
