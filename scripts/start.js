/** @file `npm start`: all the set-up, then the demonstration, with this script's arguments. */
import { join } from "node:path";
import { root, setUpOrExplain } from "./setup.js";
import { continueAs } from "./continue-as.js";

if (await setUpOrExplain({ quiet: true })) {
  await continueAs(join(root, "demo", "dist", "main.js"), process.argv.slice(2));
}
