/** @file Writes and checks the table of `docs/reliability.md`: what the tests of promises have proved. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { UNIT_PROMISES } from "./unit-promises.js";

const PAGE = fileURLToPath(new URL("../../../../docs/reliability.md", import.meta.url));
const TESTS = fileURLToPath(new URL("..", import.meta.url));
const BEGIN =
  "<!-- Written by packages/otr/test/faults/reliability-reporter.ts from the tests that pass. -->";

/** How much of a number of faults is there on any machine: threads write in the middle of what others do, or behind it. */
const STEADY_SHARE = 0.75;

/** A row of the table. */
interface Row {
  readonly promise: string;
  /** Below `packages/otr/test`. */
  readonly file: string;
  /** Faults, or cases where none is injected. Null: the program was only watched. */
  readonly count: number | null;
}

/**
 * Holds the rows of the test files that ran to what they proved: each promise of the page is still there, with no fewer
 * cases, and of faults that are injected into the program at least three quarters. With `-u` it writes them.
 */
export default class ReliabilityReporter implements Reporter {
  #vitest: Vitest | null = null;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const { snapshotOptions, testNamePattern } = this.#vitest!.config;
    const promises = modules.flatMap(promisesOf);
    // A failed run fails anyway.
    if (testNamePattern !== undefined || !promises.every(({ tests }) => tests.every((test) => test.ok())))
      return;
    const page = readFileSync(PAGE, "utf8");
    const ran = new Set(modules.map(fileOf));
    // A test that was skipped proves nothing new.
    const isProved = ({ tests }: RunPromise) => tests.every((test) => test.result().state === "passed");
    const unproved = new Set(promises.filter((promise) => !isProved(promise)).map(keyOf));
    const told = readRows(page).filter(({ file }) => existsSync(`${TESTS}${file}`));
    const staying = told.filter((row) => !ran.has(row.file) || unproved.has(keyOf(row)));
    const proved = promises.filter(isProved).map(rowOf);
    if (snapshotOptions.updateSnapshot === "all") {
      const rows = [...staying, ...proved].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      const table_ = table(rows);
      if (!page.endsWith(table_)) writeFileSync(PAGE, page.slice(0, page.indexOf(BEGIN)) + table_);
      return;
    }
    const problems = [...differences(readRows(page), [...staying, ...proved]), ...withoutTests(promises)];
    if (problems.length === 0) return;
    process.exitCode = 1;
    this.#vitest!.logger.error(
      `docs/reliability.md tells something else than the tests: run this again with -u.\n${problems.join("\n")}`,
    );
  }
}

/** A promise and its tests that ran. */
interface RunPromise {
  readonly promise: string;
  readonly file: string;
  readonly tests: readonly TestCase[];
}

const isOfFaults = (file: string): boolean => file.endsWith(".faults.ts");
const fileOf = (module: TestModule): string => relative(TESTS, module.moduleId);
const nameOf = (test: TestCase): string => test.fullName.replaceAll(" > ", " ");
const keyOf = ({ file, promise }: Pick<Row, "file" | "promise">): string => `${file} ${promise}`;

function promisesOf(module: TestModule): RunPromise[] {
  const file = fileOf(module);
  const tests = [...module.children.allTests()];
  if (isOfFaults(file)) return tests.map((test) => ({ promise: nameOf(test), file, tests: [test] }));
  return UNIT_PROMISES.filter((promise) => promise.file === file).map(({ promise, tests: pattern }) => ({
    promise,
    file,
    tests: tests.filter((test) => pattern.test(nameOf(test))),
  }));
}

function rowOf({ promise, file, tests }: RunPromise): Row {
  const counts = tests.map((test) => test.meta().faults ?? (isOfFaults(file) ? null : 1));
  const count = counts.includes(null) ? null : counts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return { promise, file, count };
}

function differences(told: readonly Row[], found: readonly Row[]): string[] {
  const [before, after] = [told, found].map((rows) => new Map(rows.map((row) => [keyOf(row), row])));
  return [...new Set([...before!.keys(), ...after!.keys()])].flatMap((key) => {
    const [was, is] = [before!.get(key), after!.get(key)];
    if (was === undefined || is === undefined) return [`  ${key}: ${was ? "is gone" : "is new"}`];
    const least = (was.count ?? 0) * (isOfFaults(was.file) ? STEADY_SHARE : 1);
    return (is.count ?? 0) < least ? [`  ${key}: ${was.count}, now only ${is.count}`] : [];
  });
}

const withoutTests = (promises: readonly RunPromise[]): string[] =>
  promises.filter(({ tests }) => tests.length === 0).map((promise) => `  ${keyOf(promise)}: has no test`);

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ promise, file, count }) => `| ${promise} | \`${file}\` | ${count ?? "-"} |`);
  return [BEGIN, "", "| promise | test | faults or cases |", "|---|---|---|", ...lines, ""].join("\n");
}

const readRows = (page: string): Row[] =>
  [...page.matchAll(/^\| (?<promise>.+) \| `(?<file>.+)` \| (?<count>\d+|-) \|$/gm)].map(({ groups }) => ({
    promise: groups!.promise!,
    file: groups!.file!,
    count: groups!.count === "-" ? null : Number(groups!.count),
  }));
