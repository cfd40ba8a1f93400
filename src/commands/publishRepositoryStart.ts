import { createRepositoryPage } from "../bitbucket/pages";
import type { RepositoryName } from "../bitbucket/site";
import { holdsToken } from "../bitbucket/snippet";
import type { Ports } from "../flows/ports";
import { askCreatedRepository } from "../ui/publish/publishPage";
import { askPublishStart } from "../ui/publish/publishStart";
import type { TokenJob } from "../ui/tokens/addTokenBoxes";
import { askNewToken } from "./addTokenSteps";
import { tellAdded } from "./tellToken";

/** What creating, pushing to and choosing a project for a repository takes. */
const needs: TokenJob["needs"] = ["repository:write", "repository:admin", "project"];

/** There is a token now, or the person has made the repository. */
export type Started = "token" | { readonly existing: RepositoryName };

export interface StartContext {
  readonly ports: Ports;
  /** Where no token may create; undefined before one was chosen. */
  readonly workspace: string | undefined;
  readonly wanted?: RepositoryName;
}

/** A token that may create a repository, or the repository made in the browser. Undefined where the person went away. */
export async function startPublishing({
  ports,
  workspace,
  wanted,
}: StartContext): Promise<Started | undefined> {
  const { site } = ports;
  const isToken = (text: string) => holdsToken(text, site);
  const start = await askPublishStart({ workspace, isToken });
  if (start?.kind === "token") {
    const added = await askNewToken(ports, { needs, workspace }, start.pasted);
    if (added) tellAdded(ports, added);
    return added && "token";
  }
  if (!start) return undefined;
  const existing = await askCreatedRepository(site, createRepositoryPage(site, workspace), wanted);
  return existing && { existing };
}

/** For a repository that is there. False where the person went away. */
export async function addPushToken(ports: Ports, repository: RepositoryName): Promise<boolean> {
  const added = await askNewToken(ports, { needs: ["repository:write"], repository });
  if (added) tellAdded(ports, added);
  return added !== undefined;
}
