/** @file Plain text: each line that is not empty is a row of {text}. */
import type { DataFormat } from "./data-format.js";
import { decodeLines, lineBlocks } from "./line-blocks.js";
import { readBytes } from "./read-bytes.js";
import { RowBlockBuilder } from "./row-block-builder.js";

/** Plain text, as the `text` builder of Hugging Face's datasets reads it. */
export const text: DataFormat = {
  title: "plain text",
  async *read(path, onBytes) {
    const rows = new RowBlockBuilder((line) => `${path}:${line}`);
    for await (const block of lineBlocks(path, readBytes(path, onBytes))) {
      for (const [index, line] of decodeLines(path, block).split("\n").entries()) {
        const content = line.endsWith("\r") ? line.slice(0, -1) : line;
        if (content.trim() !== "") rows.add(JSON.stringify({ text: content }), block.linesBefore + index + 1);
      }
      const rowBlock = rows.take();
      if (rowBlock !== null) yield rowBlock;
    }
  },
};
