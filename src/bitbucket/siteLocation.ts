import { invalidRepository } from "./addressFault";
import { lowerCaseHost, type GitUrl } from "./gitUrl";
import type { BitbucketSite } from "./site";

/** Where on the configured Bitbucket a URL points: the path below its root, `workspace` first. */
export interface SiteLocation {
  readonly kind: "web" | "api" | "ssh";
  /** Not decoded. */
  readonly segments: readonly string[];
}

const defaultPorts: Readonly<Record<string, string>> = { https: "443", http: "80" };

/** Compares host, port and scheme whole. Throws InvalidRepository for any other place. */
export function locateOnSite(url: GitUrl, site: BitbucketSite): SiteLocation {
  if (url.userName?.includes("@") || url.password?.includes("@")) {
    throw invalidRepository({ kind: "oddUserName" }, site);
  }
  return url.scheme === "ssh" ? locateSsh(url, site) : locateWeb(url, site);
}

function locateSsh(url: GitUrl, site: BitbucketSite): SiteLocation {
  const ours = new URL(site.webUrl).hostname;
  const host = site.sshNames?.has(url.host) === true ? ours : lowerCaseHost(url.host);
  const isAlternative = host === `altssh.${ours}`;
  if (host !== ours && !isAlternative && !isAliasOf(host, ours)) {
    throw invalidRepository({ kind: "otherHost", host }, site);
  }
  const port = isAlternative ? "443" : "22";
  if (url.port !== undefined && url.port !== port) throw invalidRepository({ kind: "otherPort" }, site);
  return { kind: "ssh", segments: toSegments(url.path) };
}

/** `bitbucket.org-work`, the customary name for a second account. It has no dot of its own, so it is no host. */
function isAliasOf(host: string, ours: string): boolean {
  return host.startsWith(`${ours}-`) && /^[a-z0-9_-]+$/.test(host.slice(ours.length + 1));
}

function locateWeb(url: GitUrl, site: BitbucketSite): SiteLocation {
  const segments = toSegments(url.path);
  const api = below(`${site.apiUrl}/repositories`, url, segments);
  if (api) return { kind: "api", segments: api };
  const web = below(site.webUrl, url, segments);
  if (!web) throw invalidRepository(whyElsewhere(url, site), site);
  const isApi = (web[0] === "!api" || web[0] === "api") && web[2] === "repositories";
  return isApi ? { kind: "api", segments: web.slice(3) } : { kind: "web", segments: web };
}

/** The segments below a base address, or undefined where the URL isn't below it. */
function below(baseUrl: string, url: GitUrl, segments: readonly string[]): readonly string[] | undefined {
  const base = new URL(baseUrl);
  const isSameHost = url.host === base.hostname || url.host === `www.${base.hostname}`;
  if (`${url.scheme}:` !== base.protocol || !isSameHost || portOf(url) !== basePort(base)) return undefined;
  const prefix = toSegments(base.pathname);
  return prefix.every((part, index) => part === segments[index]) ? segments.slice(prefix.length) : undefined;
}

function whyElsewhere(url: GitUrl, site: BitbucketSite): Parameters<typeof invalidRepository>[0] {
  const base = new URL(site.webUrl);
  if (url.scheme !== "https" && url.scheme !== "http") return { kind: "otherScheme" };
  if (url.host !== base.hostname && url.host !== `www.${base.hostname}`)
    return { kind: "otherHost", host: url.host };
  if (`${url.scheme}:` !== base.protocol)
    return { kind: url.scheme === "http" ? "notEncrypted" : "otherScheme" };
  return { kind: portOf(url) === basePort(base) ? "otherPath" : "otherPort" };
}

function portOf(url: GitUrl): string | undefined {
  return url.port ?? defaultPorts[url.scheme];
}

function basePort(base: URL): string | undefined {
  return base.port === "" ? defaultPorts[base.protocol.slice(0, -1)] : base.port;
}

function toSegments(path: string): readonly string[] {
  const inner = path.replace(/^\//, "").replace(/\/{1,8}$/, "");
  return inner === "" ? [] : inner.split("/");
}
