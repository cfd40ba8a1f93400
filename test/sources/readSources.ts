import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type ts from "typescript";

// Required, not imported: the compiler is too large to be bundled into each test that reads sources.
export const typescript = createRequire(__filename)("typescript") as typeof ts;

/** The TypeScript files of top folders, relative to the root, with `/` between, sorted. */
export function sourceFiles(root: string, folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
      .sort(),
  );
}

export function readSource(root: string, file: string): ts.SourceFile {
  return parseSource(file, readFileSync(join(root, file), "utf8"));
}

export function parseSource(file: string, text: string): ts.SourceFile {
  return typescript.createSourceFile(file, text, typescript.ScriptTarget.Latest, true);
}

/** `src/file.ts:7` */
export function placeOf(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
