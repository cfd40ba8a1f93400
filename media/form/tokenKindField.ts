import * as l10n from "@vscode/l10n";
import type { FormValues } from "../../src/protocol/formMessages";
import { ChoiceGroup } from "./choiceGroup";

export type TokenKind = FormValues["tokenKind"];

export class TokenKindField extends ChoiceGroup<TokenKind> {
  constructor() {
    super("tokenKind", l10n.t("Kind of token"), [
      {
        // Short, so that "Access token" names the token's own field alone.
        value: "access",
        label: l10n.t("Access"),
        detail: l10n.t("Made in the settings of this one repository. Acts as a bot of its own."),
      },
      {
        value: "api",
        label: l10n.t("API"),
        detail: l10n.t("Made in your Atlassian account. Acts as you, wherever you may."),
      },
    ]);
  }
}
