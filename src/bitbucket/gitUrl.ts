/** What git takes as a remote's URL, taken apart as it is spelled: nothing is decoded, resolved or trusted. */
export interface GitUrl {
  /** Lower case; `ssh` for `git@host:path` too. */
  readonly scheme: string;
  readonly isScpLike: boolean;
  readonly userName: string | undefined;
  readonly password: string | undefined;
  /** Lower case. */
  readonly host: string;
  readonly port: string | undefined;
  readonly path: string;
  readonly query: string;
}

// Not the URL class: it turns backslashes into slashes, resolves `..` and maps look-alike letters, all of which
// must be seen here to be refused.
const urlPattern = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/is;
const authorityPattern = /^(?:(.*)@)?(\[[0-9a-f:.]+\]|[^:@[\]]+)(?::(\d*))?$/is;
const scpPattern = /^(?:([^\s/:@]+)(?::([^\s/@]*))?@)?([^\s/:@\\[\]]+):(?!\/\/)(.+)$/s;
const sshSchemes = ["ssh", "git+ssh", "ssh+git"];

/** Undefined for local paths and for what isn't a URL. */
export function splitGitUrl(text: string): GitUrl | undefined {
  const match = urlPattern.exec(text);
  if (!match) return splitScpLike(text);
  const [, scheme = "", authority = "", path = "", query = ""] = match;
  const [, userInfo, host, port] = authorityPattern.exec(authority) ?? [];
  if (host === undefined) return undefined;
  return {
    scheme: sshSchemes.includes(scheme.toLowerCase()) ? "ssh" : scheme.toLowerCase(),
    isScpLike: false,
    ...splitUserInfo(userInfo),
    host: lowerCaseHost(host),
    port: port === "" ? undefined : port,
    path,
    query,
  };
}

function splitScpLike(text: string): GitUrl | undefined {
  const [, userName, password, host, path] = scpPattern.exec(text) ?? [];
  if (host === undefined || path === undefined) return undefined;
  if (userName === undefined && host.length === 1) return undefined; // a Windows drive
  return {
    scheme: "ssh",
    isScpLike: true,
    userName,
    password,
    host: lowerCaseHost(host),
    port: undefined,
    path,
    query: "",
  };
}

function splitUserInfo(userInfo: string | undefined): Pick<GitUrl, "userName" | "password"> {
  if (userInfo === undefined) return { userName: undefined, password: undefined };
  const colon = userInfo.indexOf(":");
  if (colon < 0) return { userName: userInfo, password: undefined };
  return { userName: userInfo.slice(0, colon), password: userInfo.slice(colon + 1) };
}

/** ASCII alone: some other letters, the Kelvin sign among them, have a lower case that is ASCII. */
export function lowerCaseHost(host: string): string {
  return host.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The text with `%3D` and the like decoded, or as it is where that can't be done. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone `%` was meant literally
  }
}
