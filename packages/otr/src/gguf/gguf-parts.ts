/**
 * The paths of all files of a model that is split as llama.cpp does (`NAME-00001-of-00003.gguf`), from that of one of
 * them; the path alone where its name is another.
 */
export function ggufParts(path: string): string[] {
  const [ending, total] = /-\d{5}-of-(\d{5})\.gguf$/i.exec(path) ?? [];
  if (ending === undefined) return [path];
  const start = path.slice(0, -ending.length);
  const behind = ending.slice("-00001".length);
  return Array.from({ length: Number(total) }, (_, index) => {
    return `${start}-${String(index + 1).padStart(5, "0")}${behind}`;
  });
}
