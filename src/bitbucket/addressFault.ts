import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import type { BitbucketSite } from "./site";

/** Why a text names no repository on the configured Bitbucket. */
export type AddressFault =
  | { readonly kind: "otherHost"; readonly host: string }
  | {
      readonly kind:
        | "empty"
        | "tooLong"
        | "notAnAddress"
        | "token"
        | "commandWithoutAddress"
        | "oddCharacter"
        | "oddUserName"
        | "dotSegment"
        | "notEncrypted"
        | "otherPort"
        | "otherScheme"
        | "otherPath"
        | "noRepository"
        | "notARepositoryPage"
        | "uuid"
        | "badWorkspace"
        | "badSlug"
        | "badBranch";
    };

/** What was pasted may hold a token, so no message repeats any of it but a host's plain name. */
export function invalidRepository(fault: AddressFault, site: BitbucketSite): UserError {
  const ours = new URL(site.webUrl).host;
  const message = fault.kind === "otherHost" ? otherHost(fault.host, ours) : messages[fault.kind](ours);
  return new UserError("InvalidRepository", message, { field: "repository" });
}

const messages: Readonly<Record<Exclude<AddressFault["kind"], "otherHost">, (ours: string) => string>> = {
  empty: (ours) =>
    l10n.t("No repository entered. Enter workspace/repository, or paste its URL on {0}.", ours),
  tooLong: () => l10n.t("This is too long for a repository URL. Copy only the URL."),
  notAnAddress: (ours) =>
    l10n.t("This isn't a repository. Enter workspace/repository, or paste its URL on {0}.", ours),
  token: () => l10n.t("This is a token, not a repository. Paste it in the token field."),
  commandWithoutAddress: () =>
    l10n.t("This Git command doesn't contain a repository URL. Copy the whole line, or only the URL."),
  oddCharacter: (ours) => l10n.t("This URL contains an unsupported character. Copy it again from {0}.", ours),
  oddUserName: (ours) =>
    l10n.t("This URL contains more than one @ before the path. Copy it again from {0}.", ours),
  dotSegment: (ours) => l10n.t("This URL contains . or .. between slashes. Copy it again from {0}.", ours),
  notEncrypted: () =>
    l10n.t("This URL uses http, which exposes the token to the network. Use the https URL."),
  otherPort: (ours) =>
    l10n.t("The port of this URL isn't the port of {0}. Copy the URL again from there.", ours),
  otherScheme: (ours) =>
    l10n.t("Only https and ssh URLs can identify a repository on {0}. Use one of those.", ours),
  otherPath: () => l10n.t("This URL is outside the Bitbucket URL in the settings. Correct one of them."),
  noRepository: () => l10n.t("The repository is missing. Enter workspace/repository."),
  notARepositoryPage: () =>
    l10n.t("This is the page of a workspace or account. Open the repository and copy its URL."),
  uuid: () => l10n.t("This URL contains an ID in braces. Use the names shown in the browser's address bar."),
  badWorkspace: () =>
    l10n.t("Workspace names can only contain letters, digits, - and _. Correct the part before the slash."),
  badSlug: () =>
    l10n.t(
      "Repository names can only contain letters, digits, -, _ and dots. Correct the part after the workspace.",
    ),
  badBranch: () =>
    l10n.t("Git doesn't allow the branch name in this URL. Copy the repository's URL instead."),
};

function otherHost(host: string, ours: string): string {
  if (/(?:^|\.)github\.com$/.test(host))
    return l10n.t("This is a GitHub URL. Enter a repository on {0}.", ours);
  if (/(?:^|\.)gitlab\.com$/.test(host))
    return l10n.t("This is a GitLab URL. Enter a repository on {0}.", ours);
  return isPlainHost(host)
    ? l10n.t("This URL is on {0}, not on {1}. Enter a repository on {1}.", host, ours)
    : l10n.t("This URL isn't on {0}. Enter a repository on {0}.", ours);
}

/** Parts so short that none can be a token. */
function isPlainHost(host: string): boolean {
  return host.length <= 60 && /^[a-z0-9-]{1,15}(?:\.[a-z0-9-]{1,15})+$/.test(host);
}
