import * as l10n from "@vscode/l10n";
import type { StepId } from "../../protocol/formMessages";

/** What each step of connecting is called while it runs. */
export function stepLabel(id: StepId): string {
  switch (id) {
    case "check":
      return l10n.t("Check the repository");
    case "verify":
      return l10n.t("Check the token with Bitbucket");
    case "store":
      return l10n.t("Store the token in VS Code's secret storage");
    case "remote":
      return l10n.t("Set the remote");
    case "credentials":
      return l10n.t("Let Git use the token");
    case "address":
      return l10n.t("Set commit email");
    case "push":
      return l10n.t("Push the branch");
  }
}
