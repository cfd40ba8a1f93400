import { parseAddress, tryParseAddress } from "../bitbucket/address";
import type { PresentedToken } from "../bitbucket/client";
import { fullName, type BitbucketSite } from "../bitbucket/site";
import { parseSnippet } from "../bitbucket/snippet";
import { checkToken } from "../bitbucket/token";
import type { StoredToken } from "../credentials/tokenStore";
import { toPresented } from "../flows/clone/listRepositoriesReach";
import type { ConnectRequest } from "../flows/connect/connectRequest";
import type { RepositoryDescription } from "../flows/describeRepository";
import type { FormValues, GitAccess } from "../protocol/formMessages";
import type { ConnectArgument } from "./arguments";

/** What stands in for the questions that an argument object leaves open. */
export interface ConnectDefaults {
  readonly site: BitbucketSite;
  readonly description: RepositoryDescription;
  readonly gitAccess: GitAccess;
  readonly useBotEmail: boolean;
}

/** An argument that answers the two questions that nothing can be guessed for. Either may hold the other's answer. */
export function isComplete(argument: ConnectArgument, site: BitbucketSite): boolean {
  const { repository, token } = readPasted(argument, site);
  return repository !== undefined && token !== undefined;
}

/** Throws InvalidRepository or InvalidToken. */
export function requestFromArgument(argument: ConnectArgument, defaults: ConnectDefaults): ConnectRequest {
  const pasted = readPasted(argument, defaults.site);
  const repository = parseAddress(pasted.repository ?? "", defaults.site).repository;
  const secret = checkToken(pasted.token ?? "");
  const { description } = defaults;
  const email = argument.email ?? (defaults.useBotEmail ? pasted.email : undefined);
  return {
    repository,
    token: {
      secret,
      ...(argument.kind && { kind: argument.kind }),
      ...(pasted.account && { account: pasted.account.trim() }),
    },
    scopes: argument.scopes ?? [],
    email: emptyToUndefined(email),
    remote: argument.remote ?? remoteOf(description, fullName(repository)) ?? "origin",
    existingRemote: argument.existingRemote ?? "ask",
    branch: argument.push === false ? undefined : (argument.branch ?? branchToPush(argument, description)),
    gitAccess: argument.gitAccess ?? defaults.gitAccess,
    expires: emptyToUndefined(argument.expires),
    ...(argument.takeOver && { takeOver: true }),
  };
}

/** Takes what the person entered, or a token that is kept. Throws InvalidRepository or InvalidToken, with the field to mark. */
export function requestFromForm(
  values: FormValues,
  token: string | StoredToken,
  site: BitbucketSite,
): ConnectRequest {
  const isEntered = typeof token === "string";
  return {
    repository: parseAddress(values.repository, site).repository,
    token: isEntered ? enteredToken(values, token) : toPresented(token),
    scopes: values.scopes,
    email: emptyToUndefined(values.email),
    remote: values.remote.trim(),
    existingRemote: values.existingRemote,
    branch: emptyToUndefined(values.branch),
    gitAccess: values.gitAccess,
    expires: emptyToUndefined(values.expires) ?? (isEntered ? undefined : token.expires),
    ...(values.takeOver && { takeOver: true }),
  };
}

function enteredToken({ tokenKind, account }: FormValues, secret: string): PresentedToken {
  return {
    secret: checkToken(secret),
    ...(tokenKind === "api" && { kind: "api" as const }),
    ...(tokenKind === "api" && account.trim() !== "" && { account: account.trim() }),
  };
}

/** Where the form starts: what the argument says, as far as the form can show it. */
export function formValuesFrom(argument: ConnectArgument, site: BitbucketSite): Partial<FormValues> {
  const pasted = readPasted(argument, site);
  return {
    ...(pasted.repository !== undefined && { repository: pasted.repository }),
    ...(argument.kind && { tokenKind: argument.kind === "api" ? "api" : "access" }),
    ...(pasted.account !== undefined && { account: pasted.account }),
    ...(argument.scopes && { scopes: argument.scopes }),
    ...(pasted.token !== undefined && { token: pasted.token }),
    ...(pasted.email !== undefined && { email: pasted.email }),
    ...(argument.remote !== undefined && { remote: argument.remote }),
    ...(argument.existingRemote && { existingRemote: argument.existingRemote }),
    ...(argument.branch !== undefined && { branch: argument.branch }),
    ...(argument.push === false && { branch: "" }),
    ...(argument.gitAccess && { gitAccess: argument.gitAccess }),
    ...(argument.expires !== undefined && { expires: argument.expires }),
  };
}

/** A pasted `git clone …` line in either place holds repository and token; the rest of Bitbucket's text the address. */
function readPasted(argument: ConnectArgument, site: BitbucketSite) {
  const fromToken = parseSnippet(argument.token ?? "", site);
  const fromRepository = parseSnippet(argument.repository ?? "", site);
  const named = fromRepository.repository ?? tryParseAddress(argument.repository ?? "", site)?.repository;
  const repository = argument.repository !== undefined && !named ? argument.repository : undefined;
  const found = named ?? fromToken.repository;
  return {
    // What can't be read goes on as it is, for the parser to say what is wrong with it.
    repository: repository ?? (found && fullName(found)),
    token: fromToken.token ?? (argument.token !== undefined ? argument.token : fromRepository.token),
    account: argument.account ?? fromToken.userName ?? fromRepository.userName,
    email: argument.email ?? fromToken.email ?? fromRepository.email,
  };
}

function remoteOf(description: RepositoryDescription, repository: string): string | undefined {
  return description.remotes.find((one) => one.repository?.toLowerCase() === repository.toLowerCase())?.name;
}

/** Without a word on pushing, a repository that has no commits yet is connected all the same. */
function branchToPush(argument: ConnectArgument, description: RepositoryDescription): string | undefined {
  if (argument.push === undefined && description.branches.length === 0) return undefined;
  return description.currentBranch ?? (argument.push ? "" : undefined);
}

function emptyToUndefined(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
