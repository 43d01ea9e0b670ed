/** @file `npm test`: all the set-up, then the tests, with this script's arguments for the test runner. */
import { join } from "node:path";
import { root, setUpOrExplain } from "./setup.js";
import { continueAs } from "./continue-as.js";

if (await setUpOrExplain({ quiet: true })) {
  await continueAs(join(root, "node_modules", "vitest", "vitest.mjs"), ["run", ...process.argv.slice(2)]);
}
