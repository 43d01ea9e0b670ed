/** @file What the model card of a folder says about its licence. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

/** The fields of a model card's front matter; the last two tell more where the first is `other`. */
export interface ModelLicense {
  readonly license: string;
  readonly license_name?: string;
  readonly license_link?: string;
}

const LONGEST_VALUE = 300;
/** The front matter stands at the start; what follows may be of any length. */
const READ_BYTES = 2 ** 17;

/** The licence that the `README.md` of a model folder declares, or null. */
export async function readModelLicense(folder: string): Promise<ModelLicense | null> {
  const fields = frontMatter(await readStart(join(folder, "README.md")));
  const license = textOf(fields.license);
  if (license === null) return null;
  const [name, link] = [textOf(fields.license_name), textOf(fields.license_link)];
  return {
    license,
    ...(name !== null && { license_name: name }),
    ...(link !== null && { license_link: link }),
  };
}

async function readStart(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(READ_BYTES) });
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return "";
  }
}

/** The YAML between the first two lines of `---`; what cannot be read declares nothing. */
function frontMatter(text: string): Record<string, unknown> {
  const yaml = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];
  if (yaml === undefined) return {};
  try {
    const fields: unknown = parse(yaml, { maxAliasCount: 10 });
    return typeof fields === "object" && fields !== null ? (fields as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" && value.length <= LONGEST_VALUE ? value : null;
