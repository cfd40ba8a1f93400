import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { parseAddress } from "./address";
import type { BitbucketSite, RepositoryName } from "./site";

/**
 * The repository that a link like `vscode://…/connect?repo=workspace/slug` names, and nothing else of it: whatever came
 * with the link, a token too, stays behind. Throws InvalidRepository.
 */
export function readConnectLink(path: string, query: string, site: BitbucketSite): RepositoryName {
  const repository = new URLSearchParams(query).get("repo");
  if (path === "/connect" && repository) return parseAddress(repository, site).repository;
  throw new UserError(
    "InvalidRepository",
    l10n.t("This link doesn't name a repository. It should end in /connect?repo=workspace/repository."),
    { field: "repository" },
  );
}
