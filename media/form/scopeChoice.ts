import { effectiveScopes, scopeNames, scopes, type Scope, type ScopeId } from "../../src/bitbucket/scopes";
import type { TokenKind } from "./tokenKindField";

/** The scopes that a person wants, and what else comes with them on a token of this kind. */
export class ScopeChoice {
  #wanted: ReadonlySet<ScopeId> = new Set();
  #kind: TokenKind = "access";

  /** Everything wanted and implied, in the catalogue's order. */
  get ids(): readonly ScopeId[] {
    return reach([...this.#wanted], this.#kind);
  }

  get kind(): TokenKind {
    return this.#kind;
  }

  has(ids: readonly ScopeId[]): boolean {
    const reached = new Set(this.ids);
    return ids.every((id) => reached.has(id));
  }

  add(ids: readonly ScopeId[]): void {
    this.#wanted = new Set([...this.#wanted, ...ids]);
  }

  /** Also drops what brings one of these along: a token that writes can read. */
  drop(ids: readonly ScopeId[]): void {
    const without = [...this.#wanted].filter((wanted) => {
      const reached = new Set(reach([wanted], this.#kind));
      return !ids.some((id) => reached.has(id));
    });
    this.#wanted = new Set(without);
  }

  /** Names from outside; unknown ones are left out. */
  replace(names: readonly string[]): void {
    const wanted = scopes.filter((scope) => names.includes(scope.id));
    this.#wanted = new Set(wanted.map((scope) => scope.id));
  }

  /** Scopes that the other kind doesn't know are dropped. */
  switchTo(kind: TokenKind): void {
    this.#kind = kind;
    const known = new Set(scopesOf(kind).map((scope) => scope.id));
    this.#wanted = new Set([...this.#wanted].filter((id) => known.has(id)));
  }
}

/** The boxes on the page where a token of this kind is made. */
export function scopesOf(kind: TokenKind): readonly Scope[] {
  const maker = kind === "access" ? "repository" : "api";
  return scopes.filter((scope) => scope.kinds.includes(maker));
}

function reach(ids: readonly ScopeId[], kind: TokenKind): readonly ScopeId[] {
  return effectiveScopes(kind === "api" ? scopeNames(ids, "api") : ids);
}
