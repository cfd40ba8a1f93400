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
      "Git doesn't trust the certificate of {0}. Check Git's http.sslCAInfo and your proxy.",
      host,
    ),
    tlsFailed: l10n.t(
      "Git can't establish a secure connection to {0} (TLS). Update Git, or check your proxy and virus scanner.",
      host,
    ),
    proxyRefused: l10n.t(
      "The proxy didn't let Git connect to {0}. Check Git's http.proxy and the proxy's sign-in.",
      host,
    ),
    offline: l10n.t(
      "Git can't reach {0}, or lost the connection. Check the network and Git's proxy, then try again.",
      host,
    ),
  };
  return new UserError("Offline", words[kind], { fixes: [tryAgain()] });
}
