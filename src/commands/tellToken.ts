import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { RefusedTokens } from "../credentials/refusedTokens";
import type { AddedToken } from "../flows/tokens/addToken";
import { describeTokens, tokenId } from "../flows/tokens/describeTokens";
import { setExpiry } from "../flows/tokens/setExpiry";
import type { Ports } from "../flows/ports";
import { showInformation } from "../ui/messages";
import { askExpiry } from "../ui/tokens/tokenManager";
import { addedMessage } from "../ui/tokens/tokenManagerWords";

/** What a token that was just added may do, and for whom, while the person goes on. */
export function tellAdded(ports: Ports, added: AddedToken): void {
  void tellUndated(ports, addedMessage(added), added.stored);
}

/** Bitbucket doesn't tell a token's last day: the person may. */
export async function tellUndated(
  ports: Ports,
  message: string,
  token: { readonly secret: string },
): Promise<void> {
  const button = l10n.t("Set expiry");
  if ((await showInformation(message, button)) === button) await askExpiryOf(ports, tokenId(token));
}

async function askExpiryOf(ports: Ports, id: string): Promise<void> {
  // Which ones are refused is no matter here.
  const tokens = await describeTokens(ports, new RefusedTokens(), Date.now());
  const token = tokens.find((one) => one.id === id);
  if (!token) {
    await showInformation(l10n.t("The expiry date wasn't set because this token is no longer stored."));
    return;
  }
  const answer = await askExpiry(token, vscode.env.language, { hasBack: false });
  if (answer) await setExpiry(ports, token, answer.expires);
}
