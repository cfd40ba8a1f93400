import * as l10n from "@vscode/l10n";
import { tryParseAddress } from "../bitbucket/address";
import type { PresentedToken } from "../bitbucket/client";
import { parseSnippet } from "../bitbucket/snippet";
import type { TokenPlace } from "../bitbucket/tokenProbe";
import type { BitbucketSite } from "../bitbucket/site";
import { UserError } from "../errors";
import type { Ports } from "../flows/ports";
import { addToken, gitsEmail, isAccountRejected, type AddedToken } from "../flows/tokens/addToken";
import { withProgress } from "../ui/progress";
import {
  askAccount,
  askPastedToken,
  askPlace,
  type Entered,
  type TokenJob,
} from "../ui/tokens/addTokenBoxes";
import { lacksAccount, readPasted } from "../ui/tokens/pastedToken";

interface Draft {
  readonly token: PresentedToken;
  readonly places: readonly TokenPlace[];
}

/** Added, or what is asked next. */
type Step =
  | { readonly kind: "added"; readonly added: AddedToken }
  | { readonly kind: "account"; readonly draft: Draft; readonly proposed: Entered }
  | { readonly kind: "place"; readonly draft: Draft };

/**
 * Asks for a token, and for what belongs to it and can't be found out, until Bitbucket has taken it and it is stored. What
 * was pasted elsewhere is not asked for again, unless it won't do. Undefined where the person went away.
 */
export async function askNewToken(ports: Ports, job: TokenJob, pasted = ""): Promise<AddedToken | undefined> {
  let entered: Entered = { text: pasted };
  let step = pasted === "" ? undefined : await tryPasted(ports, job, pasted);
  for (;;) {
    if (step && "fault" in step) entered = { text: pasted, fault: step.fault };
    else if (step) {
      const last = await finish(ports, job, step);
      if (last !== "back") return last;
    }
    const asked = await askPastedToken(ports.site, job, entered, (typed, signal) => {
      entered = { text: typed };
      return readAndTry(ports, job, typed, signal);
    });
    if (asked === "back" || asked === undefined) return undefined;
    step = asked;
  }
}

/** What is wrong with it is said where it can be corrected. */
function tryPasted(
  ports: Ports,
  job: TokenJob,
  pasted: string,
): Promise<Step | { readonly fault: string | undefined }> {
  const work = withProgress(l10n.t("Checking the token"), (signal) => readAndTry(ports, job, pasted, signal));
  return work.then(
    (step) => step ?? { fault: undefined },
    (error: unknown) => {
      if (error instanceof UserError) return { fault: error.message };
      throw error;
    },
  );
}

async function finish(ports: Ports, job: TokenJob, step: Step): Promise<AddedToken | "back" | undefined> {
  switch (step.kind) {
    case "added":
      return step.added;
    case "account": {
      const { draft, proposed } = step;
      const next = await askAccount(proposed, async (account, signal) => {
        const tried = await tryDraft(ports, { ...draft, token: { ...draft.token, account } }, signal);
        if (tried.kind === "account") throw isNotTheirs(tried.proposed.fault);
        return tried;
      });
      return next === "back" || next === undefined ? next : finish(ports, job, next);
    }
    case "place":
      return askPlace(job, (typed, signal) => {
        const place = readPlace(typed, ports.site);
        return addAt(ports, step.draft, { ...place, isTold: true }, signal);
      });
  }
}

/** Throws what is wrong with the text, or with the token. */
async function readAndTry(ports: Ports, job: TokenJob, text: string, signal: AbortSignal): Promise<Step> {
  const token = readPasted(text, ports.site, undefined);
  const draft = { token, places: placesOf(ports.site, job, text) };
  if (!lacksAccount(token)) return tryDraft(ports, draft, signal);
  const account = await gitsEmail(ports);
  if (account === undefined) return { kind: "account", draft, proposed: { text: "" } };
  const step = await tryDraft(ports, { ...draft, token: { ...token, account } }, signal);
  // It was only a guess.
  return step.kind === "account" ? { ...step, proposed: { text: account } } : step;
}

async function tryDraft(ports: Ports, draft: Draft, signal: AbortSignal): Promise<Step> {
  try {
    return { kind: "added", added: await add(ports, draft, signal) };
  } catch (error) {
    if (isPlaceUnknown(error)) return { kind: "place", draft };
    const { account } = draft.token;
    if (account === undefined || !isAccountRejected(error)) throw error;
    return { kind: "account", draft, proposed: { text: account, fault: error.message } };
  }
}

async function addAt(
  ports: Ports,
  draft: Draft,
  place: TokenPlace,
  signal: AbortSignal,
): Promise<AddedToken> {
  try {
    return await add(ports, { ...draft, places: [place] }, signal);
  } catch (error) {
    if (!isPlaceUnknown(error)) throw error;
    const name = place.slug === undefined ? place.workspace : `${place.workspace}/${place.slug}`;
    const message = l10n.t("This token doesn't have access to {0}. Enter where it was created.", name);
    throw new UserError("RepositoryNotFound", message, { field: "repository" });
  }
}

/** For the box that the email was entered in. */
function isNotTheirs(fault = ""): UserError {
  return new UserError("TokenRejected", fault, { field: "account" });
}

function isPlaceUnknown(error: unknown): boolean {
  return error instanceof UserError && error.field === "repository";
}

function add(ports: Ports, { token, places }: Draft, signal: AbortSignal): Promise<AddedToken> {
  return addToken(ports, { token, places, expires: undefined, isPlaceOptional: false }, signal);
}

/** What was pasted with the token is the surest. */
export function placesOf(site: BitbucketSite, job: TokenJob, text: string): readonly TokenPlace[] {
  const { repository } = parseSnippet(text, site);
  const { repository: wanted, workspace } = job;
  return [
    ...(repository ? [repository] : []),
    ...(wanted ? [wanted] : []),
    ...(workspace ? [{ workspace }] : []),
  ];
}

function readPlace(text: string, site: BitbucketSite): TokenPlace {
  const address = tryParseAddress(text, site);
  if (address) return address.repository;
  const typed = text.trim();
  const path = typed.startsWith(`${site.webUrl}/`) ? typed.slice(site.webUrl.length + 1) : typed;
  const [, workspace] = /^([\w-]+)(?:\/.*)?$/.exec(path) ?? [];
  if (workspace !== undefined) return { workspace };
  throw new UserError(
    "InvalidRepository",
    l10n.t("This isn't a workspace or repository. Paste its URL from the browser."),
    { field: "repository" },
  );
}
