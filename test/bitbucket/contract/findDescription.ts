import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Bitbucket's published API description: `BITBUCKET_OPENAPI`, or `shared/bitbucket/openapi.json` of a folder above. */
export function findDescription(): string | undefined {
  const named = process.env["BITBUCKET_OPENAPI"];
  return named ? readFileSync(named, "utf8") : findShared("openapi.json");
}

/** A text of `shared/bitbucket` in a folder above; undefined where there is none. */
export function findShared(name: string): string | undefined {
  const found = [process.cwd(), ...ownFolder()]
    .flatMap(withParents)
    .map((folder) => join(folder, "shared", "bitbucket", name))
    .find((path) => existsSync(path));
  return found === undefined ? undefined : readFileSync(found, "utf8");
}

/** Not every bundler says where a module is. */
function ownFolder(): string[] {
  const here: unknown = import.meta.url;
  return typeof here === "string" ? [dirname(fileURLToPath(here))] : [];
}

function withParents(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}
