/**
 * @file `node count.js FOLDER`: adds up what the parts of a run left in FOLDER, names what failed, and prints the last
 * line of the run. NAME.json is a report of the test runner, NAME.status the exit status of a part; a part with both
 * counts its tests, a part without a report counts as one check.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };
const troubles = [];

/**
 * The failed tests of a report, a paragraph each: a run prints so much that its end must say what went wrong.
 * @param {import("vitest/reporters").JsonTestResults} report
 */
function describeFailures(report) {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    const notRun = file.status === "failed" && failed.length === 0 ? [`  ${file.name}: ${file.message}`] : [];
    return [
      ...notRun,
      ...failed.map(
        (test) => `  ${file.name}: ${test.fullName}\n    ${(test.failureMessages ?? []).join("\n    ")}`,
      ),
    ];
  });
}

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith(".status"))
  .sort()) {
  const name = file.slice(0, -".status".length);
  const status = readFileSync(join(folder, file), "utf8").trim();
  const reportPath = join(folder, `${name}.json`);
  const report = existsSync(reportPath) ? JSON.parse(readFileSync(reportPath, "utf8")) : null;
  if (report) {
    total.passed += report.numPassedTests;
    total.failed += report.numFailedTests;
    total.skipped += report.numPendingTests + report.numTodoTests;
  }
  // A file that cannot be loaded, or a set-up that failed, has no failed test to show for it.
  if (status !== "0" && !(report?.numFailedTests > 0)) total.failed++;
  if (status === "0" && !report) total.passed++;
  if (status !== "0")
    troubles.push(`${name} (exit status ${status})`, ...(report ? describeFailures(report) : []));
}

if (troubles.length > 0) console.log(`failed:\n${troubles.join("\n")}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
