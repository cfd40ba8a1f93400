import { hasScope, neededScope } from "../model/scopes";
import type { SignIn } from "../model/signIn";
import type { Token } from "../model/tokens";
import type { Answer } from "../wire/answer";
import type { Operation, RestCall } from "./call";
import { badRequest, lacksScope, notFound, removed, unauthorized } from "./errors";
import { toPathPattern } from "./paths";
import { peopleOperations } from "./people";
import { BadQuery } from "./query";
import { repositoryOperations } from "./repositories";

export interface RestVisit extends Omit<RestCall, "token" | "param"> {
  readonly method: string;
  /** Below the API's base: `/user`. */
  readonly path: string;
  readonly signIn: SignIn;
}

/** Operations across workspaces, gone since CHANGE-2770. */
export const removedPaths = [
  "/repositories",
  "/workspaces",
  "/user/permissions/repositories",
  "/user/permissions/workspaces",
];

const operations = [...repositoryOperations, ...peopleOperations].map((operation) => ({
  operation,
  pattern: toPathPattern(operation.path),
}));

/** REST 2.0, as far as the product uses it. */
export async function answerRest(visit: RestVisit): Promise<Answer> {
  const { signIn } = visit;
  if (signIn.kind === "refused") return unauthorized();
  const token = signIn.kind === "accepted" ? signIn.token : undefined;
  if (removedPaths.includes(visit.path)) return removed();
  const found = findOperation(visit.method, visit.path);
  if (!found) return notFound("Resource not found");
  const answer =
    refuse(token, found.operation) ?? (await run(found.operation, { ...visit, token, param: found.param }));
  return token
    ? { ...answer, headers: { ...answer.headers, ...tokenHeaders(token, found.operation) } }
    : answer;
}

function findOperation(method: string, path: string) {
  for (const { operation, pattern } of operations) {
    const params = operation.method === method ? pattern.match(path) : undefined;
    if (params) return { operation, param: (name: string) => params.get(name) ?? "" };
  }
  return undefined;
}

function refuse(token: Token | undefined, { callers, need }: Operation): Answer | undefined {
  if (!token) return callers === "anyone" ? undefined : unauthorized();
  if (callers === "people" && !token.account) return unauthorized();
  return hasScope(token, need) ? undefined : lacksScope(token.scopes, [neededScope(token, need)]);
}

async function run(operation: Operation, call: RestCall): Promise<Answer> {
  try {
    return await operation.run(call);
  } catch (error) {
    if (error instanceof BadQuery) return badRequest(error.message);
    throw error;
  }
}

const credentialTypes: Record<Token["owner"]["kind"], string> = {
  repository: "repo_access_token",
  project: "project_access_token",
  workspace: "workspace_access_token",
  api: "api_token",
  app_password: "app_password",
};

function tokenHeaders(token: Token, { need }: Operation): Record<string, string> {
  return {
    "x-oauth-scopes": token.scopes.join(", "),
    "x-accepted-oauth-scopes": neededScope(token, need),
    "x-credential-type": credentialTypes[token.owner.kind],
  };
}
