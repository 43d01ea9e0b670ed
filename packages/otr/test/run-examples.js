/**
 * @file `node run-examples.js OUTPUT NAME...`: runs examples on the model of the demonstration, one after the other in one
 * process, because to load libtorch takes longer than most of them. Prints a JSON line of each: `{name, lines, error}`.
 */
import { join } from "node:path";

const [output = "", ...names] = process.argv.slice(2);
const print = console.log;
for (const name of names) {
  /** @type {string[]} */
  const lines = [];
  console.log = (text) => void lines.push(...String(text).split("\n"));
  process.argv.splice(2, Number.POSITIVE_INFINITY, "demo/base-model", join(output, name));
  let error = null;
  try {
    await import(new URL(`../../../examples/${name}.js`, import.meta.url).href);
  } catch (reason) {
    error = reason instanceof Error ? reason.stack : String(reason);
  }
  print(JSON.stringify({ name, lines, error }));
}
