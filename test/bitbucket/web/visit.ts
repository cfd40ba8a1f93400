import type { BareRepositories } from "../git/bareRepositories";
import type { Tokens } from "../model/tokens";
import type { World } from "../model/world";

/** A person's visit to a page. */
export interface WebVisit {
  readonly world: World;
  readonly tokens: Tokens;
  readonly repositories: BareRepositories;
  readonly webUrl: string;
  readonly method: string;
  readonly url: URL;
  /** The fields of a submitted form; empty for a mere visit. */
  readonly form: URLSearchParams;
}
