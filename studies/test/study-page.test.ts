import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasResults, readAnswers, readResults } from "../src/results.js";
import { studies } from "../src/studies.js";
import { studyPage, withTables } from "../src/study-page.js";
import { studyTables } from "../src/tables.js";

const page = readFileSync(studyPage, "utf8");
const tables = studyTables();

it("has the tables that the kept results make", () => {
  expect(page).toBe(withTables(page, tables));
});

it("shows every table", () => {
  const shown = [...page.matchAll(/<!-- table: (\S+) -->/g)].map(([, name]) => name);
  expect(Object.keys(tables).filter((name) => !shown.includes(name))).toEqual([]);
});

it("refuses a table that nothing makes", () => {
  expect(() => withTables("<!-- table: none -->\n<!-- end of table -->", tables)).toThrow(/the table none/);
});

describe.each(studies.filter(({ name }) => hasResults(name)))("$name", ({ name }) => {
  it("has scores that are the means of its kept answers", () => {
    const { runs } = readResults(name);
    const answers = readAnswers(name);
    const final = runs.filter(({ final, failure }) => final && failure === null);
    expect(final.length).toBeGreaterThan(0);
    for (const run of final) {
      for (const [task, score] of Object.entries(run.scores)) {
        const { right } = answers.find((each) => each.run === run.name && each.task === task)!;
        expect([...right].filter((one) => one === "1").length / right.length).toBeCloseTo(score, 12);
      }
    }
  });
});
