import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { fullName } from "../bitbucket/site";
import type { RefusedTokens } from "../credentials/refusedTokens";
import { checkKeptToken, type TokenCheck } from "../flows/tokens/checkKeptToken";
import {
  describeTokens,
  findAdded,
  findDescribed,
  type TokenDescription,
} from "../flows/tokens/describeTokens";
import { forgetToken } from "../flows/tokens/forgetToken";
import type { Ports } from "../flows/ports";
import { describeGitSetUp } from "../flows/setUp/setUpGit";
import { setExpiry } from "../flows/tokens/setExpiry";
import { readExpiryReminderDays } from "../settings";
import { showInformation } from "../ui/messages";
import { openExternally } from "../ui/openExternally";
import { withProgress } from "../ui/progress";
import { askExpiry, confirmForget, pickAction, pickToken, showWhereItIs } from "../ui/tokens/tokenManager";
import type { RowContext, TokenAction } from "../ui/tokens/tokenManagerRows";
import { forgottenMessage, tokenName, tokenPage } from "../ui/tokens/tokenManagerWords";
import { askNewToken } from "./addTokenSteps";
import { tellAdded } from "./tellToken";
import { requireGit, settingsOf, type CommandContext } from "./context";
import type { Command } from "./register";
import { runByHand } from "./runByHand";

/** Shows the kept tokens, and does with one what the person chooses. What was checked is known while the window is. */
export function manageTokensCommand(context: CommandContext, refused: RefusedTokens): Command {
  const checks = new Map<string, TokenCheck>();
  return async () => {
    const ports = await context.createPorts(await requireGit());
    await manageTokens({ ports, refused, checks });
    return undefined;
  };
}

interface Manager {
  readonly ports: Ports;
  readonly refused: RefusedTokens;
  readonly checks: Map<string, TokenCheck>;
}

/** Where the person goes next: on with this token, back to the list, or away. */
type Next = "token" | "list" | "away";

async function manageTokens(manager: Manager): Promise<void> {
  for (let next: Next = "list"; next !== "away";) {
    const [tokens, isGitSetUp] = await Promise.all([list(manager), isSetUp(manager)]);
    const token = await pickToken(tokens, rowContext(manager), isGitSetUp);
    if (token === "setUpGit") {
      await runByHand("setUpGit", {});
      continue;
    }
    if (token === "add") {
      next = (await addNew(manager)) ? "list" : "away";
      continue;
    }
    next = token === undefined ? "away" : await manageToken(manager, token.id);
  }
}

/** What is wrong with Git's config is told by the command itself. */
function isSetUp({ ports }: Manager): Promise<boolean> {
  return describeGitSetUp(ports).then(
    ({ isOn }) => isOn,
    () => false,
  );
}

async function manageToken(manager: Manager, id: string): Promise<Next> {
  for (;;) {
    const token = (await list(manager)).find((one) => one.id === id);
    if (!token) return "list";
    const action = await pickAction(token, rowContext(manager));
    if (action === undefined) return "away";
    const next = action === "back" ? "list" : await act(manager, token, action);
    if (next !== "token") return next;
  }
}

async function act(manager: Manager, token: TokenDescription, action: TokenAction): Promise<Next> {
  const { ports } = manager;
  switch (action) {
    case "check":
      await check(manager, token);
      return "token";
    case "where":
      await showWhereItIs(token, rowContext(manager));
      return "token";
    case "setExpiry": {
      const answer = await askExpiry(token, vscode.env.language);
      if (answer) await setExpiry(ports, token, answer.expires);
      return "token";
    }
    case "forget":
      return forget(manager, token);
    case "replace":
      return replace(manager, token);
    case "openPage": {
      const page = tokenPage(ports.site, token);
      if (page !== undefined) await openExternally(page);
      return "away";
    }
  }
}

async function addNew({ ports }: Manager): Promise<boolean> {
  const added = await askNewToken(ports, { needs: ["repository:write"] });
  if (added) tellAdded(ports, added);
  return added !== undefined;
}

/** A repository's is proved for the repository; one that was only added gives its place to the new one. */
async function replace(manager: Manager, token: TokenDescription): Promise<Next> {
  const { ports } = manager;
  const [first] = token.repositories;
  if (first && (await findDescribed(ports, token, first))) {
    await runByHand("replaceToken", { repository: fullName(first) });
    return "away";
  }
  const old = await findAdded(ports, token);
  const [workspace] = token.workspaces;
  const added = await askNewToken(ports, { needs: ["repository:write"], repository: first, workspace });
  if (!added) return "token";
  if (old && old.token.secret !== added.stored.secret)
    await ports.tokens.removeAdded(ports.site, old.token.secret);
  tellAdded(ports, added);
  return "list";
}

async function check({ ports, refused, checks }: Manager, token: TokenDescription): Promise<void> {
  const found = await withProgress(l10n.t("Checking “{0}”", tokenName(token)), (signal) =>
    checkKeptToken(ports, refused, token, signal),
  );
  if (found) checks.set(token.id, found);
}

async function forget(manager: Manager, token: TokenDescription): Promise<Next> {
  const { ports, checks } = manager;
  const hasOther = !token.isElsewhere && (await ports.tokens.fallback()) !== undefined;
  if (!(await confirmForget(token, hasOther))) return "token";
  const title = l10n.t("Removing “{0}”", tokenName(token));
  const outcome = await withProgress(title, (signal) => forgetToken(ports, token, signal));
  if (!outcome) return "token";
  checks.delete(token.id);
  void showInformation(forgottenMessage(outcome));
  return (await list(manager)).length > 0 ? "list" : "away";
}

function list({ ports, refused }: Manager): Promise<readonly TokenDescription[]> {
  return describeTokens(ports, refused, Date.now());
}

function rowContext({ checks }: Manager): RowContext {
  const reminderDays = readExpiryReminderDays(settingsOf(undefined));
  return { checks, reminderDays, language: vscode.env.language };
}
