import type { BareRepositories } from "../git/bareRepositories";
import type { Need } from "../model/scopes";
import type { Token } from "../model/tokens";
import type { World } from "../model/world";
import type { Answer } from "../wire/answer";
import type { Links } from "./links";

/** One call of an operation, its scopes checked. */
export interface RestCall {
  readonly world: World;
  readonly repositories: BareRepositories;
  readonly links: Links;
  /** Undefined for an anonymous visitor. */
  readonly token: Token | undefined;
  readonly url: URL;
  /** By its name in the path: `{workspace}`. */
  readonly param: (name: string) => string;
  /** The parsed body; undefined where there is none. */
  readonly body: unknown;
}

export interface Operation {
  readonly method: "GET" | "POST";
  /** As the API description spells it: `/repositories/{workspace}/{repo_slug}`. */
  readonly path: string;
  readonly need: Need;
  /** Some operations serve people alone, others also the public. */
  readonly callers: "people" | "tokens" | "anyone";
  readonly run: (call: RestCall) => Promise<Answer> | Answer;
}
