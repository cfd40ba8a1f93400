import * as path from "node:path";
import { readRemoteUrl } from "../../bitbucket/address";
import type { PresentedToken } from "../../bitbucket/client";
import { remoteUrl, uniqueRepositories, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import { helperName } from "../../git/connectionConfig";
import type { ConfigEntry } from "../../git/gitConfigText";
import {
  helpersFor,
  matching,
  patternOf,
  rewrite,
  type GitSetting,
  type OwnSetting,
} from "../../git/gitSettings";
import { isBitbuckets, readHeader, readHelper, type SignIn } from "./signIns";
import { presentedToken, whereOf } from "./tokenUrls";

/** A token for Bitbucket that stands in git's configuration otherwise than in a URL of the repository's own config. */
export interface SecretPlace {
  readonly kind: "header" | "rewrite" | "url" | "pushUrl" | "helper";
  readonly file: string;
  /** The file is in this repository's git folder; any other counts for other repositories too. */
  readonly isOwn: boolean;
  readonly entry: ConfigEntry;
  /** The entry without the token, where something is left of it. */
  readonly clean: ConfigEntry | undefined;
  readonly token: PresentedToken;
  /** Where git signs in with it from here. */
  readonly repositories: readonly RepositoryName[];
}

/** A remote's URL as git takes it, after the rules that rewrite it. */
export interface EffectiveUrl {
  readonly setting: GitSetting;
  /** In its own spelling, by which git looks up headers and helpers. May hold a token. */
  readonly url: string;
  readonly repository: RepositoryName;
  readonly rule: GitSetting | undefined;
}

interface Surroundings {
  readonly settings: readonly GitSetting[];
  readonly site: BitbucketSite;
  readonly urls: readonly EffectiveUrl[];
  /** The config of all worktrees, whose URLs are looked at elsewhere. */
  readonly configFile: string;
}

/** In the order in which git would take them. */
export function findSecretPlaces(
  settings: readonly OwnSetting[],
  commonDir: string,
  site: BitbucketSite,
): readonly SecretPlace[] {
  const urls = findEffectiveUrls(settings, site);
  const around: Surroundings = { settings, site, urls, configFile: path.join(commonDir, "config") };
  return [toHeader, toRule, toUrl, toHelper].flatMap((toPlace) =>
    settings.flatMap((setting) => toPlace(setting, around) ?? []),
  );
}

/** git takes the rules for pushing where a remote has no push URL of its own. */
export function findEffectiveUrls(
  settings: readonly GitSetting[],
  site: BitbucketSite,
): readonly EffectiveUrl[] {
  return settings.flatMap((setting) => {
    const [, remote, name] = /^remote\.(.+)\.(url|pushurl)$/.exec(setting.key) ?? [];
    if (remote === undefined) return [];
    const fetched = rewrite(settings, "insteadof", setting.value);
    const isPushedTo = name === "pushurl" || settings.some(({ key }) => key === `remote.${remote}.pushurl`);
    const pushed = isPushedTo ? fetched : rewrite(settings, "pushinsteadof", setting.value);
    return (pushed.rule ? [fetched, pushed] : [fetched]).flatMap(({ url, rule }) => {
      const { repository, isSsh } = readRemoteUrl(url, site);
      return repository && !isSsh ? [{ setting, url, repository, rule }] : [];
    });
  });
}

function toHeader(setting: OwnSetting, around: Surroundings): SecretPlace | undefined {
  if (!/^http\.(?:.*\.)?extraheader$/.test(setting.key)) return undefined;
  const signIn = readHeader(setting.value);
  if (!signIn || !isMeant(setting, signIn, around.site)) return undefined;
  const isSent = ({ url }: EffectiveUrl) => {
    const headers = matching(around.settings, "http", "extraheader", url);
    const position = headers.indexOf(setting);
    return position >= 0 && !headers.slice(position).some(({ value }) => value === ""); // which drops all before
  };
  return toPlace("header", setting, signIn, around, { isUsed: isSent });
}

function toHelper(setting: OwnSetting, around: Surroundings): SecretPlace | undefined {
  if (!/^credential\.(?:.*\.)?helper$/.test(setting.key)) return undefined;
  const signIn = readHelper(setting.value);
  if (!signIn || !isMeant(setting, signIn, around.site)) return undefined;
  const isAsked = ({ url }: EffectiveUrl) => {
    const helpers = helpersFor(around.settings, url);
    const ours = helpers.findIndex((helper) => helper.includes(helperName));
    const position = helpers.indexOf(setting.value);
    const isNamed = matching([setting], "credential", "helper", url).length > 0;
    return isNamed && position >= 0 && (ours < 0 || position < ours);
  };
  return toPlace("helper", setting, signIn, around, { isUsed: isAsked });
}

/** `url.<base>.insteadOf` with a token in the base. */
function toRule(setting: OwnSetting, around: Surroundings): SecretPlace | undefined {
  const [, base = "", name = ""] = /^url\.(.+)\.((?:push)?insteadof)$/.exec(setting.key) ?? [];
  const token = presentedToken(readRemoteUrl(base, around.site));
  if (!token || !isOnSite(base, around.site)) return undefined;
  const cleanBase = withoutSignIn(base);
  const clean = { key: `url.${cleanBase}.${name}`, value: setting.value };
  return toPlace("rewrite", setting, { token }, around, {
    isUsed: ({ rule }) => rule === setting,
    ...(cleanBase !== setting.value && { clean }),
  });
}

/** In the config of one worktree, or in a file that is included. */
function toUrl(setting: OwnSetting, around: Surroundings): SecretPlace | undefined {
  const where = whereOf(setting.key);
  if (!where || where === "submodule" || setting.file === around.configFile) return undefined;
  const { repository, isSsh, ...address } = readRemoteUrl(setting.value, around.site);
  const token = presentedToken({ ...address, isSsh });
  if (!token || !repository || isSsh) return undefined;
  const clean = { key: setting.key, value: remoteUrl(around.site, repository) };
  const place = toPlace(where, setting, { token }, around, { isUsed: () => false, clean });
  return place && { ...place, repositories: [repository] };
}

function toPlace(
  kind: SecretPlace["kind"],
  { key, value, file, isOwn }: OwnSetting,
  { token }: SignIn,
  { urls }: Surroundings,
  { isUsed, clean }: { isUsed: (url: EffectiveUrl) => boolean; clean?: ConfigEntry },
): SecretPlace | undefined {
  if (file === undefined) return undefined;
  const repositories = uniqueRepositories(urls.filter(isUsed).map(({ repository }) => repository));
  return { kind, file, isOwn, entry: { key, value }, clean, token, repositories };
}

/** One for every host is only ours where it shows by itself that it is Bitbucket's. */
function isMeant({ key }: GitSetting, signIn: SignIn, site: BitbucketSite): boolean {
  const pattern = patternOf(key);
  if (pattern === undefined) return isBitbuckets(signIn);
  return isOnSite(pattern, site) || matching([{ key, value: "" }], ...sectionOf(key), site.webUrl).length > 0;
}

function sectionOf(key: string): [section: string, name: string] {
  return [key.slice(0, key.indexOf(".")), key.slice(key.lastIndexOf(".") + 1)];
}

function isOnSite(url: string, site: BitbucketSite): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(site.webUrl).origin;
}

function withoutSignIn(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}
