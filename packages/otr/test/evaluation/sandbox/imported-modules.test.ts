import { expect, it } from "vitest";
import { importedModules } from "../../../src/evaluation/sandbox/imported-modules.js";

it("finds what programs import at the beginning of a line", () => {
  const programs = [
    "import numpy as np, math\nfrom os.path import join\ndef check(f):\n    import json\n",
    "import collections.abc  # abstract\nimport math; x = 1\nimportant = 2\nfrom . import y",
  ];
  expect(importedModules(programs)).toEqual(["collections", "math", "numpy", "os"]);
});
