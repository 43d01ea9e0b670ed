#!/usr/bin/env node
// Plain JavaScript, so that it also answers on a Node that is too old or before the project is built.
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`otr: needs Node 20.19 or newer; this is ${process.versions.node}. See https://nodejs.org/`);
  process.exitCode = 2;
} else if (!existsSync(main)) {
  console.error("otr: the project is not built yet. Run `npm run setup` in its root folder.");
  process.exitCode = 2;
} else {
  const { main: run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
}
