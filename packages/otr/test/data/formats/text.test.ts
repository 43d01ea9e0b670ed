import { expect, it } from "vitest";
import { text } from "../../../src/data/formats/text.js";
import { readContent } from "./read-format.js";

it("each line of a text file that is not empty is a row", async () => {
  expect(await readContent(text, "\uFEFFone\r\n\n \n  two é\nthree")).toEqual([
    { place: ":1", row: { text: "one" } },
    { place: ":4", row: { text: "  two é" } },
    { place: ":5", row: { text: "three" } },
  ]);
});

it.each([
  ["zeros", Buffer.alloc(1000), /:1: holds a NUL/],
  ["Latin-1", Buffer.from("a\nb\n\xe9\n", "latin1"), /:3: is not UTF-8/],
])("a file of %s is refused", async (_, content, message) => {
  await expect(readContent(text, content)).rejects.toMatchObject({
    code: "DATASET_FORMAT",
    message: expect.stringMatching(message),
  });
});
