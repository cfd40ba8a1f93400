import * as l10n from "@vscode/l10n";
import { parseSnippet } from "../../src/bitbucket/snippet";
import { fullName, type BitbucketSite } from "../../src/bitbucket/site";
import { checkToken, findTokens } from "../../src/bitbucket/token";
import { problemOf } from "../../src/errors";
import { inSentence } from "../../src/inSentence";

export type Snippet = ReturnType<typeof parseSnippet>;

/**
 * Watches a form for what Bitbucket shows after creating a token, pasted anywhere, dropped or filled into a text box.
 * It is taken apart before it lands, so that no token ever stands readable in a box.
 */
export function watchForSnippets(
  form: HTMLElement,
  tokenBox: HTMLInputElement,
  site: () => BitbucketSite | undefined,
  take: (snippet: Snippet) => void,
): void {
  const read = (text: string, box: HTMLInputElement | undefined): Snippet | undefined => {
    const current = site();
    const snippet = current && parseSnippet(text, current);
    return snippet && isWorthTakingApart(snippet, text, box) ? snippet : undefined;
  };
  const intercept = (event: Event, text: string | undefined, box: HTMLInputElement | undefined): void => {
    const snippet = read(text ?? "", box);
    if (!snippet) return;
    event.preventDefault();
    take(snippet);
  };
  const lookAgain = (event: Event): void => {
    const box = textBox(event.target);
    const snippet = box && !isOneKey(event) ? read(box.value, box) : undefined;
    if (!box || !snippet || box.value.trim() === snippet.token) return;
    box.value = "";
    take(snippet);
  };
  watchPastes(tokenBox, intercept);
  form.addEventListener("drop", (event) => {
    intercept(event, event.dataTransfer?.getData("text/plain"), textBox(event.target));
  });
  // First of all: no other listener may show what holds a token.
  form.addEventListener("input", lookAgain, { capture: true });
  form.addEventListener("change", lookAgain, { capture: true });
}

/**
 * Also where no text box has the focus. Some editors paste only into a box, so the token's takes the keyboard as soon as
 * the keys are pressed; what is read then is read as if there were no box.
 */
function watchPastes(
  tokenBox: HTMLInputElement,
  intercept: (event: Event, text: string | undefined, box: HTMLInputElement | undefined) => void,
): void {
  let isElsewhere = false;
  document.addEventListener("keydown", (event) => {
    isElsewhere = false;
    const isPaste = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "v";
    if (!isPaste || textBox(document.activeElement) || tokenBox.matches(":disabled")) return;
    isElsewhere = true;
    tokenBox.focus();
  });
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    const box = textBox(event.target);
    intercept(event, text, isElsewhere ? undefined : box);
    isElsewhere = false;
  });
}

/** Names what was read, never the token; or what is wrong with that. */
export function describeSnippet(snippet: Snippet, tookEmail: boolean): string {
  const { token } = snippet;
  const problem = token === undefined ? undefined : problemOf(() => checkToken(token));
  if (problem !== undefined) return problem;
  const parts = [
    snippet.token ? l10n.t("the token") : undefined,
    snippet.repository ? l10n.t("the repository {0}", fullName(snippet.repository)) : undefined,
    snippet.email && tookEmail ? l10n.t("the commit email {0}", snippet.email) : undefined,
  ];
  return l10n.t("Found in what you pasted: {0}.", inSentence(parts.filter((part) => part !== undefined)));
}

/** Outside the token's own box a bare word may look like a token of unknown format and be a name. */
function isWorthTakingApart(snippet: Snippet, text: string, box: HTMLInputElement | undefined): boolean {
  if (!box) return snippet.token !== undefined || snippet.repository !== undefined;
  const isTokenBox = box.type === "password";
  if (snippet.token && (isTokenBox || snippet.repository || findTokens(text).length > 0)) return true;
  return snippet.email !== undefined && text.trim() !== snippet.email;
}

function textBox(target: EventTarget | null): HTMLInputElement | undefined {
  const isBox = target instanceof HTMLInputElement && !["radio", "checkbox", "date"].includes(target.type);
  return isBox ? target : undefined;
}

/** A half-typed address would lose its half-typed token. */
function isOneKey(event: Event): boolean {
  if (!(event instanceof InputEvent)) return false;
  return (
    event.inputType.startsWith("delete") || (event.inputType === "insertText" && event.data?.length === 1)
  );
}
