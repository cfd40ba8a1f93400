import * as l10n from "@vscode/l10n";
import type { FormValues } from "../../src/protocol/formMessages";
import { ChoiceGroup } from "./choiceGroup";

export type TokenKind = FormValues["tokenKind"];

export class TokenKindField extends ChoiceGroup<TokenKind> {
  constructor() {
    super("tokenKind", l10n.t("Kind of token"), [
      {
        value: "access",
        label: l10n.t("Access token"),
        name: l10n.t("Access"), // so that "Access token" names only the token's own field
        detail: l10n.t("Created in this repository’s settings. Acts as its own bot."),
      },
      {
        value: "api",
        label: l10n.t("API token"),
        detail: l10n.t("Created in your Atlassian account. Acts as you, everywhere you have access."),
      },
    ]);
  }
}
