import * as l10n from "@vscode/l10n";
import { UserError, type Fix } from "../errors";

/** What kept a request from an answer of Bitbucket's. */
export type NetworkFaultKind =
  "timeout" | "proxy" | "certificate" | "clock" | "encryption" | "connection" | "unreadable";

/** The `cause` of a UserError about the network: for checks and the log. It holds nothing of the request. */
class NetworkFault extends Error {
  constructor(
    readonly kind: NetworkFaultKind,
    /** The system's or node-fetch's word for it, `ENOTFOUND`. */
    readonly code: string,
  ) {
    super(`${kind}: ${code}`);
    this.name = "NetworkFault";
  }
}

export function faultOf(error: unknown): NetworkFault | undefined {
  return error instanceof Error && error.cause instanceof NetworkFault ? error.cause : undefined;
}

/** From why a request has no answer to the words for a person. */
export function toNetworkError(error: unknown, host: string): UserError {
  if (error instanceof UserError) return error;
  const code = codeOf(error);
  const fault = new NetworkFault(kindOf(code), code);
  return toUserError(fault, host);
}

export function tookTooLong(host: string): UserError {
  return toUserError(new NetworkFault("timeout", "timeout"), host);
}

/** The proxy answered in place of Bitbucket and wants to know who asks. */
export function proxyWantsSignIn(host: string): UserError {
  return toUserError(new NetworkFault("proxy", "407"), host);
}

export function foreignRedirect(host: string, target: string): UserError {
  return new UserError(
    "BadAnswer",
    l10n.t(
      "{0} redirects to {1}, which must not receive your token. Check your proxy, or the settings webUrl and apiUrl.",
      host,
      target,
    ),
  );
}

export function endlessRedirect(host: string): UserError {
  return new UserError("BadAnswer", l10n.t("{0} redirects endlessly. Try again later.", host));
}

function toUserError(fault: NetworkFault, host: string): UserError {
  const setting = settingOf[fault.kind];
  const open = {
    kind: "runCommand",
    title: l10n.t("Open settings"),
    command: "workbench.action.openSettings",
  } as const;
  const fixes: readonly Fix[] = [
    { kind: "retry", title: l10n.t("Try again"), change: {} },
    ...(setting === undefined ? [] : [{ ...open, args: [setting] }]),
  ];
  const code = fault.kind === "unreadable" ? "BadAnswer" : "Offline";
  return new UserError(code, wordsOf(fault, host), { cause: fault, fixes });
}

/** Where it can be mended in the editor. */
const settingOf: Readonly<Partial<Record<NetworkFaultKind, string>>> = {
  proxy: "http.proxy",
  certificate: "http.systemCertificates",
};

function wordsOf({ kind, code }: NetworkFault, host: string): string {
  switch (kind) {
    case "timeout":
      return l10n.t("{0} didn't answer in time. Check the network, then try again.", host);
    case "proxy":
      return code === "407"
        ? l10n.t("The proxy for {0} requires sign-in (407). Check http.proxy.", host)
        : l10n.t("The proxy for {0} can't be reached. Check http.proxy.", host);
    case "certificate":
      return l10n.t(
        "This computer doesn't trust the certificate of {0} ({1}). Install your organization's certificate authority, and keep http.systemCertificates on.",
        host,
        code,
      );
    case "clock":
      return l10n.t(
        "The certificate of {0} isn't valid on this computer's date ({1}). Correct the clock, then try again.",
        host,
        code,
      );
    case "encryption":
      return l10n.t(
        "Can't establish a secure connection to {0} ({1}). Check http.proxy, and whether another server answers in its place.",
        host,
        code,
      );
    case "connection":
      return l10n.t("Can't reach {0} ({1}). Check the network and proxy settings.", host, code);
    case "unreadable":
      return code === "max-size"
        ? l10n.t("The answer from {0} is too large, so it wasn't read. Try again later.", host)
        : l10n.t("Can't read the answer from {0}. Try again later.", host);
  }
}

/** The first that matches counts. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const kinds: readonly (readonly [RegExp, NetworkFaultKind])[] = [
  [/^CERT_(NOT_YET_VALID|HAS_EXPIRED)$/, "clock"],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH/, "certificate"],
  [/^(EPROTO|ERR_SSL|ERR_TLS)/, "encryption"],
  [/^(max-size$|Z_|ERR__ERROR_FORMAT|HPE_)/, "unreadable"],
  [/^proxy$/, "proxy"],
];

function kindOf(code: string): NetworkFaultKind {
  return kinds.find(([pattern]) => pattern.test(code))?.[1] ?? "connection";
}

/** node-fetch puts the system's word (`ENOTFOUND`) in `code`, its own (`max-size`) in `type`. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  // The editor's proxy agent has no code. https://github.com/microsoft/vscode-proxy-agent/blob/main/src/agent.ts
  if (/socket connection to proxies/.test(error.message)) return "proxy";
  if ("code" in error && typeof error.code === "string") return error.code;
  if ("type" in error && typeof error.type === "string") return error.type;
  return error.name;
}
