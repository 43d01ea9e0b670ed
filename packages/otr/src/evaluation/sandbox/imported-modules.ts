const IMPORT = /^(?:import[ \t]+(?<names>[^\n#;]+)|from[ \t]+(?<name>[A-Za-z_]\w*))/gm;

/** The modules that programs import at the beginning of a line, each once, without what is inside of a package. */
export function importedModules(programs: readonly string[]): string[] {
  const found = programs.flatMap((program) =>
    [...program.matchAll(IMPORT)].flatMap(({ groups }) => (groups!.names ?? groups!.name!).split(",")),
  );
  const names = found.map((name) => /^[A-Za-z_]\w*/.exec(name.trim())?.[0]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
