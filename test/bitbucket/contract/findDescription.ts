import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Bitbucket's published API description: `BITBUCKET_OPENAPI`, or `shared/bitbucket/openapi.json` of a folder above. */
export function findDescription(): string | undefined {
  const named = process.env["BITBUCKET_OPENAPI"];
  if (named) return readFileSync(named, "utf8");
  const found = [process.cwd(), ...ownFolder()]
    .flatMap(withParents)
    .map((folder) => join(folder, "shared", "bitbucket", "openapi.json"))
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
