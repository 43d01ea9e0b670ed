import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as setup from "../../setup/index.js";
import { temporaryFolder, writeFiles } from "./temporary-folder.js";

describe("addonPaths", () => {
  it("says how to build before the first build", () => {
    expect(() => setup.addonPaths({ buildFolder: temporaryFolder() })).toThrow(
      expect.objectContaining({
        code: "TORCH_NOT_BUILT",
        message: expect.stringContaining(setup.setupCommand),
      }),
    );
  });

  it("refuses code that was compiled for a processor with more instructions", () => {
    const buildFolder = temporaryFolder();
    const build = (instructionSets: string[]) =>
      writeFiles(buildFolder, {
        "loader.node": "",
        "torch.node": "",
        "build.json": JSON.stringify({
          torchPath: "/",
          source: "cache",
          compiler: "",
          key: "",
          instructionSets,
        }),
      });
    build(setup.instructionSets());
    expect(setup.addonPaths({ buildFolder })).toEqual({
      loader: join(buildFolder, "loader.node"),
      torch: join(buildFolder, "torch.node"),
    });
    build([...setup.instructionSets(), "avx1024"]);
    expect(() => setup.addonPaths({ buildFolder })).toThrow(
      expect.objectContaining({
        code: "TORCH_BUILT_FOR_OTHER_CPU",
        message: expect.stringContaining("avx1024"),
      }),
    );
  });
});

describe("the declarations", () => {
  it("name exactly what the module exports", () => {
    const text = readFileSync(new URL("../../setup/index.d.ts", import.meta.url), "utf8");
    const declared = [...text.matchAll(/^export declare (?:const|function|class) (\w+)/gm)].map(
      (match) => match[1],
    );
    expect(Object.keys(setup).sort()).toEqual(declared.sort());
  });
});
