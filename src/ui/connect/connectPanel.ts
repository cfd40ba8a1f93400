import * as l10n from "@vscode/l10n";
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { parseMessageToExtension, type FormValues } from "../../protocol/formMessages";
import { formHtml } from "./formHtml";
import type { FormHost } from "./formHost";
import { FormSession } from "./formSession";
import type { Log } from "../log";
import { warnDialog } from "../messages";

/** The form's place in the editor. There is one at a time. */
export class ConnectPanel<Outcome> implements vscode.Disposable {
  private shown: { readonly panel: vscode.WebviewPanel; readonly session: FormSession<Outcome> } | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: Log,
  ) {}

  /** Leads back to the form that is open, with all that was typed; undefined where there is none to go on with. */
  goOn(): Promise<Outcome | undefined> | undefined {
    if (!this.shown || this.shown.session.isDone) return undefined;
    const { panel, session } = this.shown;
    panel.reveal();
    session.refresh();
    return session.outcome;
  }

  /**
   * A new one. Resolves when the repository is connected, or with `undefined` when the person closes the form, or goes on
   * with the one that is open.
   */
  async open(host: FormHost<Outcome>, values: Partial<FormValues>): Promise<Outcome | undefined> {
    if (!(await this.closeShown())) return undefined;
    const panel = this.createPanel();
    let isOpen = true;
    const window = {
      post: (message: unknown) => {
        if (isOpen) void panel.webview.postMessage(message); // a closed panel throws
      },
      close: () => {
        panel.dispose();
      },
    };
    const session = new FormSession<Outcome>(host, window, values, this.log);
    this.shown = { panel, session };
    const listeners = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const known = parseMessageToExtension(message);
        if (known) session.handle(known);
        else this.log.note("The form sent a message that is none of its own.");
      }),
      host.onDidChange(() => {
        session.refresh();
      }),
    ];
    panel.onDidDispose(() => {
      isOpen = false;
      for (const listener of listeners) listener.dispose();
      if (this.shown?.panel === panel) this.shown = undefined;
      session.dispose();
    });
    panel.webview.html = this.html(panel.webview);
    return session.outcome;
  }

  dispose(): void {
    this.shown?.panel.dispose();
  }

  /** False where the person goes on with it. */
  private async closeShown(): Promise<boolean> {
    if (!this.shown) return true;
    const { panel, session } = this.shown;
    if (session.holdsWork && !(await mayDrop())) {
      panel.reveal();
      return false;
    }
    panel.dispose();
    await session.outcome;
    return true;
  }

  private createPanel(): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(
      "bitbucketConnect.form",
      l10n.t("Connect to Bitbucket"),
      vscode.ViewColumn.Active,
      {
        enableScripts: true,
        // What is typed outlives a look at another tab, and the token is never kept in the webview's state.
        retainContextWhenHidden: true,
        localResourceRoots: [
          vscode.Uri.joinPath(this.extensionUri, "dist"),
          vscode.Uri.joinPath(this.extensionUri, "media"),
        ],
      },
    );
  }

  private html(webview: vscode.Webview): string {
    const uri = (...path: string[]) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.extensionUri, ...path)).toString();
    return formHtml({
      nonce: randomBytes(16).toString("base64url"),
      cspSource: webview.cspSource,
      scriptUri: uri("dist", "form.js"),
      styleUri: uri("media", "form", "form.css"),
      lang: vscode.env.language,
      ...(vscode.l10n.bundle && { l10nContents: vscode.l10n.bundle }),
    });
  }
}

async function mayDrop(): Promise<boolean> {
  const drop = l10n.t("Start a new form");
  const detail = l10n.t("A new form discards your entries and cancels what's running in the open form.");
  const question = l10n.t("The open form is connecting another repository.");
  return (await warnDialog(question, detail, drop)) === drop;
}
