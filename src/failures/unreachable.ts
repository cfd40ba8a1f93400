import * as l10n from "@vscode/l10n";
import { UserError } from "../errors";
import { tryAgain } from "./fixes";

/** git never came to talk with Bitbucket. */
export function unreachable(
  kind: "untrustedCertificate" | "tlsFailed" | "proxyRefused" | "offline",
  host: string,
): UserError {
  const words = {
    untrustedCertificate: l10n.t(
      "git does not trust the certificate of {0}. Check git's setting http.sslCAInfo and your proxy.",
      host,
    ),
    tlsFailed: l10n.t(
      "git and {0} could not agree on a secure connection (TLS). Update git, and look for a proxy or a virus scanner between the two.",
      host,
    ),
    proxyRefused: l10n.t(
      "The proxy refused git the way to {0}. Check git's setting http.proxy and the proxy's sign-in.",
      host,
    ),
    offline: l10n.t(
      "git could not reach {0}, or the connection broke. Check the network and git's proxy, then try again.",
      host,
    ),
  };
  return new UserError("Offline", words[kind], { fixes: [tryAgain()] });
}
