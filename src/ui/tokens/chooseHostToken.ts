import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { toHostTokenItems, type Candidate } from "./hostTokenItems";

/** Which token the editor's own git may use for a host; undefined: none of them. */
export async function chooseHostToken<C extends Candidate>(
  host: string,
  candidates: readonly C[],
  isKeptElsewhere: boolean,
): Promise<C | undefined> {
  const title = l10n.t("Choose the token that Git uses for {0}", host);
  const placeHolder = isKeptElsewhere
    ? l10n.t("Git's credential helper then stores it for all of {0}", host)
    : l10n.t("Git doesn't say for which repository");
  const options = { title, placeHolder, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(toHostTokenItems(candidates), options))?.candidate;
}
