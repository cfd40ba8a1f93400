import { posix } from "node:path";
import type ts from "typescript";
import { readSource, typescript } from "./readSources";

export interface Export {
  /** `src/file.ts: name` */
  readonly name: string;
  readonly isType: boolean;
  /** Files that import it. */
  readonly importers: readonly string[];
  /** Its own file names it beside its declaration. */
  readonly isUsedAtHome: boolean;
}

export interface Module {
  readonly file: string;
  /** Files of ours that it imports. */
  readonly imports: readonly string[];
}

/** What files export to each other, and who imports what. Our code imports by name alone. */
export function readExports(
  root: string,
  files: readonly string[],
): { readonly exports: readonly Export[]; readonly modules: readonly Module[] } {
  const sources = files.map((file) => readSource(root, file));
  const importers = new Map<string, string[]>();
  for (const source of sources)
    for (const name of sourceImports(source).names)
      importers.set(name, [...(importers.get(name) ?? []), source.fileName]);
  const exports = sources.flatMap((source) =>
    sourceExports(source).map((found) => ({ ...found, importers: importers.get(found.name) ?? [] })),
  );
  const modules = sources.map((source) => ({
    file: source.fileName,
    imports: sourceImports(source).files,
  }));
  return { exports, modules };
}

function sourceExports(source: ts.SourceFile): readonly Omit<Export, "importers">[] {
  return source.statements.flatMap((statement) => {
    const isType =
      typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement);
    return exportedNames(statement).map((name) => ({
      name: `${source.fileName}: ${name}`,
      isType,
      isUsedAtHome: countOf(source, name) > 1,
    }));
  });
}

function exportedNames(statement: ts.Statement): readonly string[] {
  if (typescript.isExportDeclaration(statement)) return namesOf(statement.exportClause).map(({ to }) => to);
  const modifiers = typescript.canHaveModifiers(statement) ? typescript.getModifiers(statement) : undefined;
  if (!modifiers?.some(({ kind }) => kind === typescript.SyntaxKind.ExportKeyword)) return [];
  if (typescript.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
}

function sourceImports(source: ts.SourceFile): { readonly names: string[]; readonly files: string[] } {
  const late = lateImports(source);
  const files = [...late.files];
  const names = late.files.flatMap((file) => late.names.map((name) => `${file}: ${name}`));
  for (const statement of source.statements) {
    const isImport = typescript.isImportDeclaration(statement);
    if (!isImport && !typescript.isExportDeclaration(statement)) continue;
    const file = ownFile(source, statement.moduleSpecifier);
    if (file === undefined) continue;
    files.push(file);
    const bindings = isImport ? statement.importClause?.namedBindings : statement.exportClause;
    names.push(...namesOf(bindings).map(({ from }) => `${file}: ${from}`));
  }
  return { names, files };
}

/** What `import("./file")` brings, and every name that the file takes out of an object: some of them out of that. */
function lateImports(source: ts.SourceFile): { readonly names: string[]; readonly files: string[] } {
  const names: string[] = [];
  const files: string[] = [];
  const visit = (node: ts.Node): void => {
    if (typescript.isObjectBindingPattern(node))
      names.push(...node.elements.map(({ name, propertyName }) => (propertyName ?? name).getText()));
    if (typescript.isCallExpression(node) && node.expression.kind === typescript.SyntaxKind.ImportKeyword)
      files.push(...[ownFile(source, node.arguments[0])].filter((file) => file !== undefined));
    typescript.forEachChild(node, visit);
  };
  visit(source);
  return { names, files };
}

function ownFile(source: ts.SourceFile, specifier: ts.Expression | undefined): string | undefined {
  if (!specifier || !typescript.isStringLiteral(specifier) || !specifier.text.startsWith("."))
    return undefined;
  return `${posix.join(posix.dirname(source.fileName), specifier.text)}.ts`;
}

function namesOf(
  bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined,
): readonly { readonly from: string; readonly to: string }[] {
  if (!bindings || !("elements" in bindings)) return [];
  return bindings.elements.map(({ name, propertyName }) => ({
    from: (propertyName ?? name).text,
    to: name.text,
  }));
}

function countOf(source: ts.SourceFile, name: string): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (typescript.isIdentifier(node) && node.text === name) count += 1;
    typescript.forEachChild(node, visit);
  };
  visit(source);
  return count;
}
