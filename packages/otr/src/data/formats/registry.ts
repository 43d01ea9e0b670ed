/** @file The formats of data files. To add one: a file here, a row here, its extensions in `config/data-files.ts`. */
import { type DataFormatName, formatOfFile } from "../../config/data-files.js";
import { csv, tsv } from "./csv.js";
import type { DataFormat } from "./data-format.js";
import { json } from "./json.js";
import { jsonl } from "./jsonl.js";
import { parquet } from "./parquet.js";
import { text } from "./text.js";

const FORMATS: Readonly<Record<DataFormatName, DataFormat>> = { jsonl, json, csv, tsv, parquet, text };

/** The format of a file, by its name. */
export function dataFormatOf(path: string): DataFormat {
  return FORMATS[formatOfFile(path)];
}
