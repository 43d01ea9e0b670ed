/** @file `npm start`: all the set-up, then the demonstration, with this script's arguments. */
import { join } from "node:path";
import { readOptions } from "../demo/options.js";
import { root, setUpOrExplain } from "./setup.js";
import { continueAs } from "./continue-as.js";

const args = process.argv.slice(2);
if (readOptions(args) !== null && (await setUpOrExplain({ quiet: true }))) {
  await continueAs(join(root, "demo", "dist", "main.js"), args);
}
