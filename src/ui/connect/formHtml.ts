import * as l10n from "@vscode/l10n";

export interface FormHtmlOptions {
  /** Fresh for every page. */
  readonly nonce: string;
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The editor's display language, such as `de`. */
  readonly lang: string;
  /** The editor's translation of our words (`vscode.l10n.bundle`), where there is one. */
  readonly l10nContents?: Readonly<Record<string, unknown>> | undefined;
}

/** The form's page. It holds no value of the person's: those come as messages. */
export function formHtml(options: FormHtmlOptions): string {
  const { nonce, cspSource, scriptUri, styleUri, lang, l10nContents } = options;
  const title = escapeHtml(l10n.t("Connect repository"));
  return `<!DOCTYPE html>
<html lang="${escapeHtml(lang)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy(nonce, cspSource))}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="${escapeHtml(styleUri)}">
  </head>
  <body>
    <main>
      <h1>${title}</h1>
    </main>
    <script type="application/json" id="l10n" nonce="${escapeHtml(nonce)}">${toScriptJson(l10nContents ?? {})}</script>
    <script nonce="${escapeHtml(nonce)}" src="${escapeHtml(scriptUri)}"></script>
  </body>
</html>`;
}

/** Nothing but our own script and style: no picture, font, connection, frame or form target. */
function policy(nonce: string, cspSource: string): string {
  return [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** JSON that can't end the script element that holds it. */
function toScriptJson(contents: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(contents).replaceAll("<", "\\u003c");
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
