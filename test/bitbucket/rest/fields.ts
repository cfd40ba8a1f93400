/**
 * Bitbucket's partial answers: `fields=values.full_name,next` keeps those alone, `-links` takes away, `+x` adds to
 * what is there anyway. https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response
 */
export function selectFields(value: unknown, fields: string | null): unknown {
  if (fields === null || fields === "") return value;
  const names = fields.split(",").map((name) => name.trim());
  const kept = names.filter((name) => !/^[-+]/.test(name)).map(toPath);
  const dropped = names.filter((name) => name.startsWith("-")).map((name) => toPath(name.slice(1)));
  const picked = kept.length > 0 ? pick(value, kept) : value;
  return dropped.length > 0 ? omit(picked, dropped) : picked;
}

type Path = readonly string[];

function toPath(name: string): Path {
  return name.split(".");
}

function pick(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0 || (path.length === 1 && path[0] === "*"))) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => pick(item, paths));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const below = pathsBelow(paths, key);
    return below.length > 0 ? [[key, pick(inner, below)] as const] : [];
  });
  return Object.fromEntries(kept);
}

function omit(value: unknown, paths: readonly Path[]): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => omit(item, paths));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const below = pathsBelow(paths, key);
    return below.some((path) => path.length === 0) ? [] : [[key, omit(inner, below)] as const];
  });
  return Object.fromEntries(kept);
}

function pathsBelow(paths: readonly Path[], key: string): Path[] {
  return paths.filter((path) => path[0] === key || path[0] === "*").map((path) => path.slice(1));
}
