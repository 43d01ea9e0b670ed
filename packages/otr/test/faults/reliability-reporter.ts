/** @file Writes and checks the table of `docs/reliability.md`: what the tests that inject faults have proved. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";

const PAGE = fileURLToPath(new URL("../../../../docs/reliability.md", import.meta.url));
const BEGIN =
  "<!-- Written by packages/otr/test/faults/reliability-reporter.ts from the tests that pass. -->";

/** A row of the table. */
interface Row {
  readonly promise: string;
  readonly file: string;
  /** Null: nothing was injected, the program was only watched. */
  readonly faults: number | null;
}

/**
 * Holds the rows of the test files that ran to what they proved; with `-u` it writes them. The page may tell another number
 * of faults: it depends a little on the machine.
 */
export default class ReliabilityReporter implements Reporter {
  #vitest: Vitest | null = null;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const { snapshotOptions, testNamePattern } = this.#vitest!.config;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    if (testNamePattern !== undefined || !tests.every((test) => test.ok())) return;
    // A test that was skipped proves nothing new.
    const proved = tests.filter((test) => test.result().state === "passed").map(rowOf);
    const skipped = new Set(tests.filter((test) => test.result().state === "skipped").map(promiseOf));
    const ran = new Set(modules.map(fileOf));
    const page = readFileSync(PAGE, "utf8");
    const told = readRows(page).filter(({ file }) => existsSync(new URL(file, import.meta.url)));
    const staying = told.filter(({ file, promise }) => !ran.has(file) || skipped.has(promise));
    const rows = [...staying, ...proved].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    if (snapshotOptions.updateSnapshot === "all") {
      writeFileSync(PAGE, page.slice(0, page.indexOf(BEGIN)) + table(rows));
    } else if (readRows(page).map(keyOf).sort().join("\n") !== rows.map(keyOf).join("\n")) {
      process.exitCode = 1;
      this.#vitest!.logger.error(
        "docs/reliability.md tells something else than the tests: run this again with -u.",
      );
    }
  }
}

const keyOf = ({ file, promise }: Row): string => `${file} ${promise}`;
const fileOf = (module: TestModule): string => basename(module.moduleId);
const promiseOf = (test: TestCase): string => test.fullName.replaceAll(" > ", " ");

const rowOf = (test: TestCase): Row => ({
  promise: promiseOf(test),
  file: fileOf(test.module),
  faults: test.meta().faults ?? null,
});

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ promise, file, faults }) => `| ${promise} | \`${file}\` | ${faults ?? "-"} |`);
  return [BEGIN, "", "| promise | test | faults injected |", "|---|---|---|", ...lines, ""].join("\n");
}

const readRows = (page: string): Row[] =>
  [...page.matchAll(/^\| (?<promise>.+) \| `(?<file>.+)` \| (?<faults>\d+|-) \|$/gm)].map(({ groups }) => ({
    promise: groups!.promise!,
    file: groups!.file!,
    faults: groups!.faults === "-" ? null : Number(groups!.faults),
  }));
