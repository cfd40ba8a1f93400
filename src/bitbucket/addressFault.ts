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
    l10n.t("There is no repository. Enter it as workspace/repository, or paste its address on {0}.", ours),
  tooLong: () => l10n.t("This is too long for a repository's address. Copy the address alone."),
  notAnAddress: (ours) =>
    l10n.t("This is not a repository. Enter it as workspace/repository, or paste its address on {0}.", ours),
  token: () => l10n.t("This is a token, not a repository. Paste it in the token's field."),
  commandWithoutAddress: () =>
    l10n.t("This git command holds no repository's address. Copy the whole line, or the address alone."),
  oddCharacter: (ours) =>
    l10n.t("This address holds a character that no repository's address has. Copy it again from {0}.", ours),
  oddUserName: (ours) =>
    l10n.t("This address holds more than one @ before the path. Copy it again from {0}.", ours),
  dotSegment: (ours) => l10n.t("This address holds . or .. between slashes. Copy it again from {0}.", ours),
  notEncrypted: () =>
    l10n.t("This address is plain http, where a token can be read on the way. Use the https address."),
  otherPort: (ours) => l10n.t("This address has another port than {0}. Copy it again from there.", ours),
  otherScheme: (ours) =>
    l10n.t("Only https and ssh addresses name a repository on {0}. Use one of those.", ours),
  otherPath: () =>
    l10n.t("This address lies outside the Bitbucket address in the settings. Correct one of them."),
  noRepository: () =>
    l10n.t("This names a workspace but no repository. Add the repository: workspace/repository."),
  notARepositoryPage: () =>
    l10n.t("This page belongs to a workspace or an account. Open the repository and copy its address."),
  uuid: () =>
    l10n.t("This address holds an id in braces. Use the names that the browser's address bar shows."),
  badWorkspace: () =>
    l10n.t("A workspace's name holds only letters, digits, - and _. Correct the part before the slash."),
  badSlug: () =>
    l10n.t(
      "A repository's name holds only letters, digits, -, _ and dots. Correct the part after the workspace.",
    ),
  badBranch: () =>
    l10n.t("The branch in this address is not one that git allows. Copy the repository's address instead."),
};

function otherHost(host: string, ours: string): string {
  if (/(?:^|\.)github\.com$/.test(host))
    return l10n.t("This is a GitHub address. Enter a repository on {0}.", ours);
  if (/(?:^|\.)gitlab\.com$/.test(host))
    return l10n.t("This is a GitLab address. Enter a repository on {0}.", ours);
  return isPlainHost(host)
    ? l10n.t("This address is on {0}, not on {1}. Enter a repository on {1}.", host, ours)
    : l10n.t("This address is not on {0}. Enter a repository on {0}.", ours);
}

/** Parts so short that none can be a token. */
function isPlainHost(host: string): boolean {
  return host.length <= 60 && /^[a-z0-9-]{1,15}(?:\.[a-z0-9-]{1,15})+$/.test(host);
}
