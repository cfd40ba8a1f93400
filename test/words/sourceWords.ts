import type ts from "typescript";
import { placeOf, readSource, sourceFiles, typescript } from "../sources/readSources";

export interface SourceWords {
  /** In the files' order, each once. */
  readonly words: readonly string[];
  /** Calls that no translator can serve, as `src/file.ts:7: what is wrong`. */
  readonly faults: readonly string[];
}

/** Every `l10n.t("…")` of the extension and of its form. */
export function readSourceWords(root: string): SourceWords {
  const found = sourceFiles(root, ["src", "media"]).map((file) => wordsOf(readSource(root, file)));
  return {
    words: [...new Set(found.flatMap(({ words }) => words))],
    faults: found.flatMap(({ faults }) => faults),
  };
}

export function wordsOf(source: ts.SourceFile): SourceWords {
  const words: string[] = [];
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    const fault = faultOf(node);
    if (fault) faults.push(`${placeOf(source, node)}: ${fault}`);
    else if (isCallOfT(node)) words.push(textOf(node) ?? "");
    typescript.forEachChild(node, visit);
  };
  visit(source);
  return { words, faults };
}

function faultOf(node: ts.Node): string | undefined {
  if (isImportOfWords(node)) {
    const bindings = node.importClause?.namedBindings;
    const isUsual = bindings && typescript.isNamespaceImport(bindings) && bindings.name.text === "l10n";
    return isUsual ? undefined : "not imported as `* as l10n`";
  }
  if (!isCallOfT(node)) return undefined;
  if (node.expression.expression.getText() !== "l10n") return "not the t of @vscode/l10n";
  const text = textOf(node);
  if (text === undefined) return "the words are not one literal";
  return text.trim() === "" ? "no words" : faultOfValues(text, node.arguments.slice(1));
}

/** `{0}` and so on: each has its value, and each value its place. */
function faultOfValues(text: string, values: readonly ts.Expression[]): string | undefined {
  if (values.some((value) => typescript.isSpreadElement(value))) return "values come as a spread";
  const places = placeholders(text);
  const isEven = places.length === values.length && places.every((place, index) => place === `{${index}}`);
  return isEven ? undefined : `“${text}” has ${places.length} places for ${values.length} values`;
}

/** Sorted, each once. */
export function placeholders(text: string): readonly string[] {
  return [...new Set(text.match(/\{[^}]*\}/g) ?? [])].sort();
}

type CallOfT = ts.CallExpression & { readonly expression: ts.PropertyAccessExpression };

function isCallOfT(node: ts.Node): node is CallOfT {
  if (!typescript.isCallExpression(node)) return false;
  const { expression } = node;
  return (
    typescript.isPropertyAccessExpression(expression) &&
    expression.name.text === "t" &&
    /(^|\.)l10n$/.test(expression.expression.getText())
  );
}

function isImportOfWords(node: ts.Node): node is ts.ImportDeclaration {
  return (
    typescript.isImportDeclaration(node) &&
    typescript.isStringLiteral(node.moduleSpecifier) &&
    node.moduleSpecifier.text === "@vscode/l10n"
  );
}

function textOf(call: CallOfT): string | undefined {
  const [first] = call.arguments;
  return first && typescript.isStringLiteralLike(first) ? first.text : undefined;
}
