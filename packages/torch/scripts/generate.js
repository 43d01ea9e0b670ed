/** @file Writes the typed operator surface; run after a change of libtorch's version. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { native } from "../dist/native.js";
import { renderSurface } from "../dist/surface.js";

const target = fileURLToPath(new URL("../src/generated/aten.ts", import.meta.url));
writeFileSync(target, renderSurface(native().allSchemas(), native().buildInfo().torchVersion));
process.stdout.write(`${target}\n`);
