/** @file Text for people, in lines that fit where it is shown. */
import { wrapText } from "./wrap-text.js";

/** The part of `process.stderr` that messages use. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** `text` in lines as wide as the terminal; as it is in a file or a pipe, where each message stays one line. */
export function fitTerminal(text: string, stream: TextStream): string {
  return stream.isTTY ? wrapText(text, { width: terminalWidth(stream) }) : text;
}

/** Columns of the terminal; 80 where there is none, or it does not say. */
export function terminalWidth({ columns }: Pick<TextStream, "columns">): number {
  return columns || 80;
}
