import { pathToFileURL } from "node:url";

/**
 * Goes on as another program, in this process: signals reach it directly, its exit status is this one's, and no
 * child can be left behind.
 *
 * @param {string} program path of its main module
 * @param {string[]} args
 */
export async function continueAs(program, args) {
  process.argv = [process.argv[0], program, ...args];
  await import(pathToFileURL(program).href);
}
