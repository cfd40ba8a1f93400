import * as l10n from "@vscode/l10n";
import type { PresentedToken } from "../bitbucket/client";
import { UserError } from "../errors";
import { addToken, gitsEmail, isAccountRejected, type AddedToken } from "../flows/tokens/addToken";
import type { Ports } from "../flows/ports";
import { withProgress } from "../ui/progress";
import { tellAdded } from "./tellToken";
import type { TokenJob } from "../ui/tokens/addTokenBoxes";
import { accountProblem, lacksAccount, readPasted } from "../ui/tokens/pastedToken";
import { askNewToken, placesOf } from "./addTokenSteps";
import { parseAddArgument, type AddArgument } from "./arguments";
import { requireGit, type CommandContext } from "./context";
import type { Command } from "./register";

interface AddResult {
  readonly kind: AddedToken["kind"];
  readonly account?: string;
  readonly workspaces: readonly string[];
  readonly scopes: readonly string[];
}

const anything: TokenJob = { needs: ["repository:write"] };

/** With a token in the argument it asks nothing; otherwise it asks for one. */
export function addTokenCommand(context: CommandContext): Command {
  return async (untyped): Promise<AddResult | undefined> => {
    const argument = parseAddArgument(untyped);
    const ports = await context.createPorts(await requireGit());
    const added =
      argument.token === undefined
        ? await askNewToken(ports, anything)
        : await addGiven(ports, { ...argument, token: argument.token });
    if (!added) return undefined;
    tellAdded(ports, added);
    const { kind, account, workspaces, scopes } = added;
    return {
      kind,
      ...(account !== undefined && { account }),
      workspaces: [...workspaces],
      scopes: [...scopes],
    };
  };
}

function addGiven(
  ports: Ports,
  { token: text, account, expires }: AddArgument & { readonly token: string },
): Promise<AddedToken | undefined> {
  const problem = account === undefined ? undefined : accountProblem(account);
  if (problem !== undefined) throw new UserError("InvalidToken", problem, { field: "account" });
  const given = readPasted(text, ports.site, account?.trim());
  const places = placesOf(ports.site, anything, text);
  return withProgress(l10n.t("Checking the token"), async (signal) => {
    const add = (token: PresentedToken) =>
      addToken(ports, { token, places, expires: expires || undefined, isPlaceOptional: true }, signal);
    const email = lacksAccount(given) ? await gitsEmail(ports) : undefined;
    if (email === undefined) return add(given);
    return add({ ...given, account: email }).catch((error: unknown) => {
      if (isAccountRejected(error)) return add(given); // Bitbucket may take it without
      throw error;
    });
  });
}
