import type { ConfigEdit, GitConfig } from "./gitConfigText";

/** What a connection writes into the repository's config, as edits that can be taken back. */
export interface ConnectionConfig {
  /** The clean URL: `https://bitbucket.org/acme/payments.git`. */
  readonly url: string;
  /** What the remote gets: the clean URL, or (`remoteUrl`) one that holds the token. */
  readonly remoteUrl: string;
  readonly remote: string;
  /** For git's credentials: `helper` serves them, `own` is the person's helper, `url` means that they stand there. */
  readonly credentials:
    { readonly kind: "helper"; readonly helper: string } | { readonly kind: "own" | "url" };
  readonly email: string | undefined;
  /** The branch whose upstream the push will set. */
  readonly upstreamOf: string | undefined;
  /** The person's `url.….insteadOf` rules would send this URL elsewhere. */
  readonly isRewritten: boolean;
  /** Its push URLs stay as they are. */
  readonly keepsPushUrl?: boolean;
}

export interface ConnectionEdits {
  readonly remote: readonly ConfigEdit[];
  readonly credentials: readonly ConfigEdit[];
  readonly address: readonly ConfigEdit[];
  readonly upstream: readonly ConfigEdit[];
}

/** `before` is the config as it is once an old remote of that name has been renamed. */
export function planEdits(before: GitConfig, connection: ConnectionConfig): ConnectionEdits {
  const edit = (key: string, after: readonly string[]): ConfigEdit => ({
    key,
    before: before.get(key) ?? [],
    after,
  });
  const plan = (values: readonly (readonly [string, readonly string[]])[]) =>
    values.map(([key, after]) => edit(key, after)).filter(hasEffect);
  const { remote, email, upstreamOf: branch } = connection;
  return {
    remote: plan([
      [`remote.${remote}.url`, [connection.remoteUrl]],
      ...(connection.keepsPushUrl ? [] : ([[`remote.${remote}.pushurl`, []]] as const)),
      [`remote.${remote}.fetch`, before.get(`remote.${remote}.fetch`) ?? [fetchRefspec(remote)]],
      ...rewriteGuards(connection),
    ]),
    credentials: plan(credentialValues(before, connection)),
    address: email === undefined ? [] : plan([["user.email", [email]]]),
    upstream:
      branch === undefined
        ? []
        : plan([
            [`branch.${branch}.remote`, [remote]],
            [`branch.${branch}.merge`, [`refs/heads/${branch}`]],
          ]),
  };
}

function fetchRefspec(remote: string): string {
  return `+refs/heads/*:refs/remotes/${remote}/*`;
}

/**
 * The empty value drops every helper that was configured so far, so that none is asked, stores or offers a stale
 * secret. https://git-scm.com/docs/gitcredentials#Documentation/gitcredentials.txt-helper
 */
function credentialValues(
  before: GitConfig,
  { url, credentials }: ConnectionConfig,
): [string, readonly string[]][] {
  const helper = `credential.${url}.helper`;
  const useHttpPath = `credential.${url}.usehttppath`;
  switch (credentials.kind) {
    case "helper":
      return [
        [helper, ["", credentials.helper]],
        [useHttpPath, ["true"]],
      ];
    case "own":
      return [
        [helper, withoutOurHelper(before.get(helper) ?? [])],
        [useHttpPath, ["true"]],
      ];
    case "url":
      return [
        [helper, [""]],
        [useHttpPath, []],
      ];
  }
}

/** The article's way, which a person chooses behind a warning: the token in plain text in `.git/config`. */
export function urlWithToken(cleanUrl: string, username: string, secret: string): string {
  const url = new URL(cleanUrl);
  url.username = username;
  url.password = encodeURIComponent(secret);
  return url.href;
}

/** Its file's name, by which a repository's config shows that it is connected. */
export const helperName = "git-credential-bitbucket-connect";

function withoutOurHelper(helpers: readonly string[]): readonly string[] {
  return helpers.some((helper) => helper.includes(helperName)) ? [] : helpers;
}

/** The longest match wins, so the whole URL beats a rule for its host. */
function rewriteGuards({ url, remoteUrl, isRewritten }: ConnectionConfig): [string, readonly string[]][] {
  if (!isRewritten || url !== remoteUrl) return [];
  return [
    [`url.${url}.insteadof`, [url]],
    [`url.${url}.pushinsteadof`, [url]],
  ];
}

function hasEffect(edit: ConfigEdit): boolean {
  return edit.before.length !== edit.after.length || edit.before.some((value, i) => value !== edit.after[i]);
}
