/** @file docs/study.md: prose by hand, tables from the results. */
import { join } from "node:path";
import { repository } from "./studies.js";

export const studyPage = join(repository, "docs/study.md");

const PLACE = /<!-- table: ([a-z0-9-]+) -->\n[\s\S]*?<!-- end of table -->/g;

/**
 * The page with every table written anew between its marks.
 *
 * @throws {Error} where the page asks for a table that does not exist
 */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return page.replace(PLACE, (_, name: string) => {
    const text = tables[name];
    if (text === undefined) throw new Error(`docs/study.md asks for the table ${name}, which nothing makes`);
    return `<!-- table: ${name} -->\n\n${text}\n\n<!-- end of table -->`;
  });
}
