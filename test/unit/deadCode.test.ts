import assert from "node:assert/strict";
import { projectRoot } from "../host/places.mjs";
import { readExports, type Module } from "../sources/readExports";
import { sourceFiles } from "../sources/readSources";

/** esbuild.mjs bundles from these, and the editor calls the first one's exports. */
const entryPoints = ["src/extension.ts", "src/credentials/nodeHelper.ts", "media/form/form.ts"];

describe("the code", () => {
  const files = sourceFiles(projectRoot, ["src", "media", "test", "bench"]);
  const { exports, modules } = readExports(projectRoot, files);
  const isOurs = (file: string) => /^(src|media)\//.test(file);
  const ours = exports.filter(({ name }) => isOurs(name) && !name.startsWith("src/extension.ts:"));

  it("is read whole", () => {
    assert.ok(ours.length > 400, `${ours.length} exports`);
  });

  it("exports nothing that no other file imports", () => {
    const lonely = ours.filter(({ isType, importers }) => !isType && importers.length === 0);
    assert.deepEqual(namesOf(lonely), []);
  });

  it("has no export that tests alone use", () => {
    const tested = ours.filter(
      ({ importers, isUsedAtHome }) => !isUsedAtHome && importers.length > 0 && !importers.some(isOurs),
    );
    assert.deepEqual(namesOf(tested), []);
  });

  it("has no exported type that nothing names", () => {
    const unnamed = ours.filter(
      ({ isType, isUsedAtHome, importers }) => isType && !isUsedAtHome && importers.length === 0,
    );
    assert.deepEqual(namesOf(unnamed), []);
  });

  it("has no file that none of its bundles holds", () => {
    const reached = reach(modules, entryPoints);
    assert.deepEqual(
      files.filter((file) => isOurs(file) && !reached.has(file)),
      [],
    );
  });
});

function namesOf(exports: readonly { readonly name: string }[]): readonly string[] {
  return exports.map(({ name }) => name);
}

function reach(modules: readonly Module[], from: readonly string[]): ReadonlySet<string> {
  const imports = new Map(modules.map((module) => [module.file, module.imports]));
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const next of imports.get(file) ?? []) visit(next);
  };
  for (const file of from) visit(file);
  return reached;
}
