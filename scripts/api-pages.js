/**
 * @file The pages of docs/api, from the doc comments in the compiled declarations:
 *
 *     npm run build && npm run docs:api
 *
 * A page lists what a package exports, each name with its declaration and comment as they stand in the sources. A test
 * holds the pages to what this prints. Needs the npm packages and the compiled declarations (`dist`).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vite";

/**
 * @typedef {import("vite").ESTree.Node} Node
 * @typedef {object} Exported one exported name
 * @property {string} name
 * @property {string} file the declarations that it comes from
 * @property {string} comment text of its doc comment, without the stars; may be empty
 * @property {string} code its declaration
 * @property {string[]} mentioned names of the types in its declaration
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What each page is made of. */
export const pages = [
  {
    path: "docs/api/one-token-rollout.md",
    package: "one-token-rollout",
    folder: "packages/otr",
    about:
      "Fine-tuning, models and generation. [Examples](../../README.md#as-a-library) show them at work, and " +
      "[options.md](../options.md) has the options that `TrainInput` holds, with their defaults.",
  },
  {
    path: "docs/api/torch.md",
    package: "@one-token/torch",
    folder: "packages/torch",
    about:
      "Tensors, and all that libtorch computes with them; its [README](../../packages/torch/README.md) is the introduction.",
  },
];

/** More members than anyone reads: of these only the comment is shown, and where they are. */
const LONGEST_DECLARATION = 400;

/**
 * The text of one of {@link pages}.
 *
 * @param {typeof pages[number]} page
 * @returns {string}
 */
export function apiPage(page) {
  const dist = join(root, page.folder, "dist");
  /** @type {Map<string, Exported[]>} */
  const sections = new Map();
  for (const exported of exportsOf(join(dist, "index.d.ts"))) {
    const [section] = relative(dist, exported.file)
      .replace(/\.d\.ts$/, "")
      .split("/");
    sections.set(section ?? "", [...(sections.get(section ?? "") ?? []), exported]);
  }
  const parts = [...sections].map(([section, names]) => {
    const entries = names.map((exported) => entryOf(exported, page.folder));
    return `## ${section}\n\n${entries.join("\n")}`;
  });
  return `# ${page.package}

<!-- Generated from the doc comments; \`npm run build && npm run docs:api\` renews it. -->

${page.about}

${parts.join("\n")}`;
}

/**
 * What a file of declarations exports, in its order; names that it passes on from other files included.
 *
 * @param {string} file
 * @returns {Exported[]}
 */
export function exportsOf(file) {
  const source = readFileSync(file, "utf8");
  const { body } = parseAst(source, { lang: "dts" }, file);
  /** @type {Exported[]} */
  const found = [];
  for (const node of body) {
    if (node.type !== "ExportNamedDeclaration") continue;
    if (node.source) {
      const passedOn = exportsOf(resolve(dirname(file), node.source.value.replace(/\.js$/, ".d.ts")));
      for (const specifier of node.specifiers) {
        const name = nameOf(specifier.local);
        const exported = passedOn.find((candidate) => candidate.name === name);
        if (!exported) throw new Error(`${file}: ${name} is not in ${node.source.value}`);
        found.push({ ...exported, name: nameOf(specifier.exported) });
      }
    } else if (node.declaration) {
      const comment = docCommentBefore(source, node.start);
      const code = codeOf(source, node.declaration);
      const mentioned = typesIn(node.declaration);
      for (const name of declaredNames(node.declaration))
        found.push({ name, file, comment, code, mentioned });
    }
  }
  return found;
}

/** @param {Node} node */
function nameOf(node) {
  if (node.type === "Identifier") return node.name;
  throw new Error(`a name was expected, not ${node.type}`);
}

/**
 * @param {Node} declaration
 * @returns {string[]}
 */
function declaredNames(declaration) {
  if (declaration.type === "VariableDeclaration") return declaration.declarations.map(({ id }) => nameOf(id));
  if ("id" in declaration && declaration.id) return [nameOf(declaration.id)];
  throw new Error(`no name is known of ${declaration.type}`);
}

/**
 * The doc comment that ends right before an offset, without its stars.
 *
 * @param {string} source
 * @param {number} offset
 */
function docCommentBefore(source, offset) {
  const [, body] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(source.slice(0, offset)) ?? [];
  return (body ?? "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .trim();
}

/**
 * A declaration as a user may see it: without `declare`, private members and the compiler's four spaces.
 *
 * @param {string} source
 * @param {Node} declaration
 */
function codeOf(source, declaration) {
  let code = source.slice(declaration.start, declaration.end);
  if (declaration.type === "ClassDeclaration") {
    for (const member of declaration.body.body.toReversed()) {
      const isPrivate =
        ("accessibility" in member && member.accessibility === "private") ||
        ("key" in member && member.key.type === "PrivateIdentifier");
      if (!isPrivate) continue;
      const start = source.slice(0, member.start).search(/(\s*\/\*\*((?!\*\/)[\s\S])*\*\/)?\s*$/);
      code = code.slice(0, start - declaration.start) + code.slice(member.end - declaration.start);
    }
  }
  return withoutLinks(code)
    .replace(/^declare /, "")
    .replaceAll(/^( {4})+/gm, (indent) => " ".repeat(indent.length / 2));
}

/**
 * Names of the types that a declaration mentions.
 *
 * @param {unknown} node
 * @returns {string[]}
 */
function typesIn(node) {
  if (typeof node !== "object" || node === null) return [];
  const named =
    /** @type {{ type?: string, typeName?: { name?: string }, expression?: { name?: string } }} */ (node);
  const isParent = named.type === "TSInterfaceHeritage" || named.type === "TSClassImplements";
  const name = named.type === "TSTypeReference" ? named.typeName?.name : isParent && named.expression?.name;
  const own = name ? [name] : [];
  return [...own, ...Object.values(node).flatMap(typesIn)];
}

/** @param {string} text */
const withoutLinks = (text) => text.replaceAll(/\{@link ([^}]+)\}/g, "$1");

/**
 * @param {Exported} exported
 * @param {string} folder
 */
function entryOf({ name, file, comment, code }, folder) {
  const shown = code.split("\n").length <= LONGEST_DECLARATION;
  const path = relative(join(root, folder, "dist"), file).replace(/\.d\.ts$/, ".ts");
  const where = `${folder}/src/${path}`;
  const declaration = shown ? `\`\`\`ts\n${code}\n\`\`\`` : `Its members are in [${where}](../../${where}).`;
  return `### ${name}\n\n${[...markdownOf(comment), declaration].join("\n\n")}\n`;
}

/**
 * A doc comment as paragraphs of Markdown, its tags as a list.
 *
 * @param {string} comment
 * @returns {string[]}
 */
function markdownOf(comment) {
  const [text = "", ...tags] = comment.replace(/^@file\s+/, "").split(/^@/m);
  const linked = (/** @type {string} */ part) => part.replaceAll(/\{@link ([^}]+)\}/g, "`$1`").trim();
  const items = tags.map((tag) => {
    const [, kind, rest] = /^(\w+)\s*([\s\S]*)$/.exec(tag) ?? [];
    const words = linked(rest ?? "").replaceAll(/\s+/g, " ");
    if (kind === "param") return `- ${words.replace(/^(\S+)/, "`$1`:")}`;
    if (kind === "throws") return `- throws ${words.replace(/^\{(\w+)\}/, "`$1`")}`;
    return `- ${kind} ${words}`;
  });
  return [linked(text), items.join("\n")].filter((part) => part !== "");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of pages) {
    if (!existsSync(join(root, page.folder, "dist", "index.d.ts"))) {
      throw new Error(`${page.folder}/dist is not there: run \`npm run build\` first`);
    }
    mkdirSync(dirname(join(root, page.path)), { recursive: true });
    writeFileSync(join(root, page.path), apiPage(page));
    process.stdout.write(`${page.path}\n`);
  }
}
