import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { DataError } from "../errors.js";

/**
 * The text of a file that may come from anywhere, read whole.
 *
 * @param mostBytes more than any sound file of its kind has
 * @throws {DataError} `FILE_UNREADABLE` for what is no ordinary file (a device has no end) and for a file that is larger
 * @throws {Error} of Node where there is no such file, or it may not be read
 */
export function readBounded(path: string, mostBytes: number): string {
  // Where it is a pipe, a writer is not waited for.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const info = fstatSync(descriptor);
    if (!info.isFile())
      throw new DataError("FILE_UNREADABLE", `${path} is no ordinary file; put the file itself there`);
    if (info.size > mostBytes) {
      throw new DataError(
        "FILE_UNREADABLE",
        `${path} has ${info.size.toLocaleString("en")} bytes, more than the ${mostBytes.toLocaleString("en")} that such a file can sensibly have; fetch it again`,
      );
    }
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}
