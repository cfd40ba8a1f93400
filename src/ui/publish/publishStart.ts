import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";

/** How a repository comes to be where no stored token may create it. */
export type PublishStart = { readonly kind: "token"; readonly pasted: string } | { readonly kind: "browser" };

interface StartItem extends vscode.QuickPickItem {
  readonly start: PublishStart;
}

interface StartQuestion {
  /** The one that was chosen, where no token may create there. */
  readonly workspace: string | undefined;
  /** Whether the text is a token, or holds one. */
  readonly isToken: (text: string) => boolean;
}

/** Before anything else is asked. A token pasted into the box is taken, and never shown. */
export async function askPublishStart(question: StartQuestion): Promise<PublishStart | undefined> {
  const pick = vscode.window.createQuickPick<StartItem>();
  const { workspace } = question;
  pick.title =
    workspace === undefined
      ? l10n.t("Publish to Bitbucket")
      : l10n.t("No stored token can create repositories in {0}", workspace);
  pick.placeholder = l10n.t("Paste a token, or choose how to create the repository");
  pick.ignoreFocusOut = true; // a token is copied elsewhere
  pick.items = toItems();
  try {
    return await new Promise((resolve) => {
      pick.onDidChangeValue((text) => {
        if (!question.isToken(text)) return;
        pick.value = "";
        resolve({ kind: "token", pasted: text });
      });
      pick.onDidAccept(() => {
        resolve(pick.activeItems[0]?.start);
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function toItems(): readonly StartItem[] {
  return [
    {
      label: l10n.t("Add token"),
      iconPath: new vscode.ThemeIcon("key"),
      detail: l10n.t("Choose one that can create repositories and push to them."),
      start: { kind: "token", pasted: "" },
      alwaysShow: true,
    },
    {
      label: l10n.t("Create it in the browser"),
      iconPath: new vscode.ThemeIcon("link-external"),
      detail: l10n.t("Opens Bitbucket. Return with the new repository's URL and a token for it."),
      start: { kind: "browser" },
      alwaysShow: true,
    },
  ];
}
