import * as l10n from "@vscode/l10n";

/** Loads the translation that the page carries; must run before anything is worded. */
export function loadWords(): void {
  const contents = document.getElementById("l10n")?.textContent;
  if (contents) l10n.config({ contents });
}
