import { scopes, type Scope, type ScopeId } from "./scopeCatalogue";
import type { TokenKind } from "./token";

export { scopes, type Scope, type ScopeId } from "./scopeCatalogue";
export { purposes } from "./scopePurposes";

/** API tokens name their scopes otherwise than access tokens, and there none implies another. */
export type ScopeFamily = "access" | "api";

const byId: ReadonlyMap<string, Scope> = new Map(scopes.map((scope) => [scope.id, scope]));

/** An answer's header `x-oauth-scopes`. An absent header tells nothing, which is not the same as no scopes. */
export function parseScopesHeader(header: string | undefined): string[] {
  return [...new Set((header ?? "").split(/[\s,]+/).filter(Boolean))];
}

/** All that the granted scopes, named in either family, come to: access-token ids in the catalogue's order. */
export function effectiveScopes(granted: readonly string[]): ScopeId[] {
  const names = new Set(granted);
  const ids = new Set<ScopeId>();
  for (const scope of scopes) {
    if (names.has(scope.id)) addWithImplied(scope.id, ids);
    else if (scope.apiScopes.every((name) => names.has(name))) ids.add(scope.id);
  }
  return scopes.map((scope) => scope.id).filter((id) => ids.has(id));
}

function addWithImplied(id: ScopeId, ids: Set<ScopeId>): void {
  if (ids.has(id)) return;
  ids.add(id);
  for (const implied of byId.get(id)?.implies ?? []) addWithImplied(implied, ids);
}

/** What a token of this kind still lacks for the wanted scopes, as its token page names them. */
export function missingScopes(
  granted: readonly string[],
  wanted: readonly string[],
  kind: TokenKind | ScopeFamily,
): string[] {
  const has: ReadonlySet<string> = new Set([...granted, ...effectiveScopes(granted)]);
  const lacking = wanted.map(toScopeId).filter((id) => !has.has(id));
  return scopeNames(lacking, toFamily(kind)).filter((name) => !has.has(name));
}

/** What the token may do beyond the wanted scopes: the widest of these, as its token page names them. */
export function extraScopes(
  granted: readonly string[],
  wanted: readonly string[],
  kind: TokenKind | ScopeFamily,
): string[] {
  const ids = wanted.map(toScopeId);
  const fine: ReadonlySet<string> = new Set([
    ...effectiveScopes(ids),
    ...(toFamily(kind) === "api" ? scopeNames(ids, "api") : []),
  ]);
  const extra = [...new Set(granted)].filter((name) => !fine.has(name));
  return extra.filter((name) => !extra.some((other) => other !== name && implies(other, name)));
}

function implies(scope: string, other: string): boolean {
  return scope !== other && effectiveScopes([scope]).some((id) => id === other);
}

/** The names to tick for these scopes. Names that the catalogue doesn't know stay as they are. */
export function scopeNames(ids: readonly string[], family: ScopeFamily): string[] {
  const names = ids.flatMap((id) => (family === "api" ? (byId.get(id)?.apiScopes ?? [id]) : [id]));
  return [...new Set(names)];
}

/** The id of a scope that is named in either family: for an API token's name, the least scope that has it. */
function toScopeId(name: string): string {
  if (byId.has(name)) return name;
  const having = scopes.filter((scope) => scope.apiScopes.includes(name));
  return having.sort((a, b) => a.apiScopes.length - b.apiScopes.length)[0]?.id ?? name;
}

function toFamily(kind: TokenKind | ScopeFamily): ScopeFamily {
  return kind === "api" ? "api" : "access";
}
