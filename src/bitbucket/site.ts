import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";

/** Where Bitbucket is. Both addresses are checked, absolute and without a slash at the end. */
export interface BitbucketSite {
  /** `https://bitbucket.org`: pages, and git over HTTPS. */
  readonly webUrl: string;
  /** `https://api.bitbucket.org/2.0`: REST. */
  readonly apiUrl: string;
  /** What a person's SSH calls it besides its host's name, in lower case. */
  readonly sshNames?: ReadonlySet<string>;
}

/** One repository, by the two names that its address is made of. */
export interface RepositoryName {
  readonly workspace: string;
  readonly slug: string;
}

/** Reads the settings `webUrl` and `apiUrl`; a token must not travel to an address that fails this check. */
export function toSite(webUrl: string, apiUrl: string): BitbucketSite {
  return {
    webUrl: toSafeUrl("bitbucketConnect.webUrl", webUrl),
    apiUrl: toSafeUrl("bitbucketConnect.apiUrl", apiUrl),
  };
}

function toSafeUrl(setting: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!url || !plain || !isSafeToSendTokens(url)) {
    throw new UserError(
      "InvalidRepository",
      l10n.t("The setting {0} must be an https URL. Correct it in the user settings.", setting),
      {
        fixes: [
          {
            kind: "runCommand",
            title: l10n.t("Open settings"),
            command: "workbench.action.openSettings",
            args: [setting],
          },
        ],
      },
    );
  }
  return url.href.replace(/\/+$/, "");
}

/** https anywhere, plain http on loopback alone. */
export function isSafeToSendTokens(url: URL): boolean {
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

export function fullName(repository: RepositoryName): string {
  return `${repository.workspace}/${repository.slug}`;
}

/** Bitbucket's names don't differ by case. */
export function repositoryKey(repository: RepositoryName): string {
  return fullName(repository).toLowerCase();
}

export function isSameRepository(one: RepositoryName, other: RepositoryName): boolean {
  return repositoryKey(one) === repositoryKey(other);
}

/** A text that Bitbucket or a person gives names this repository, as `workspace/slug`. */
export function isNameOf(text: string | undefined, repository: RepositoryName): boolean {
  return text?.toLowerCase() === repositoryKey(repository);
}

/** Each once, as it is first named, in their order. */
export function uniqueRepositories(repositories: readonly RepositoryName[]): readonly RepositoryName[] {
  return repositories.filter(
    (one, index) => repositories.findIndex((other) => isSameRepository(one, other)) === index,
  );
}

/** The one URL of a connected remote: no user name, no secret. */
export function remoteUrl(site: BitbucketSite, repository: RepositoryName): string {
  return `${site.webUrl}/${repository.workspace}/${repository.slug}.git`;
}
