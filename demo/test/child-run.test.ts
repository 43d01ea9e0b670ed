import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChildRun } from "../src/child-run.js";
import type { RunSpecification } from "../src/run-specification.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-child-run-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const specification: RunSpecification = {
  baseModel: "base",
  workFolder: "work",
  temporaryFolder: "all",
  training: null,
  evaluation: { test: [], hard: [], other: {} },
  sampleTest: false,
};

function childModule(name: string, source: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, source);
  return path;
}

describe("startChildRun", () => {
  it("sends the specification, hears progress and returns the result", async () => {
    const child = childModule(
      "good",
      `process.once("message", (specification) => {
        process.send({ type: "progress", share: 0.5 });
        process.send({ type: "result", result: { hardAnswers: [specification.baseModel] } }, () => process.disconnect());
      });`,
    );
    const shares: number[] = [];
    const { result } = startChildRun(child, specification, (share) => shares.push(share));
    expect((await result).hardAnswers).toEqual(["base"]);
    expect(shares).toEqual([0.5]);
  });

  it("gives every child one thread", async () => {
    const child = childModule(
      "threads",
      `process.once("message", () => process.send(
        { type: "result", result: { hardAnswers: [process.env.OMP_NUM_THREADS] } }, () => process.disconnect()));`,
    );
    expect((await startChildRun(child, specification, () => {}).result).hardAnswers).toEqual(["1"]);
  });

  it("rejects with what a failing child complained about", async () => {
    const child = childModule(
      "failing",
      `process.once("message", () => { throw new Error("no such model"); });`,
    );
    await expect(startChildRun(child, specification, () => {}).result).rejects.toThrow(
      /ended with exit status 1 before it had a result.*no such model/s,
    );
  });

  it("leaves no process behind when it is killed", async () => {
    const child = childModule(
      "endless",
      `process.once("message", () => { process.send({ type: "progress", share: process.pid }); setInterval(() => {}, 1000); });`,
    );
    const pid = await new Promise<number>((resolve) => {
      const running = startChildRun(child, specification, async (share) => {
        await running.kill();
        resolve(share);
      });
    });
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
