import type { Token, TokenOwner, TokenRequest } from "../model/tokens";
import type { Answer } from "../wire/answer";
import { markup, page, type Markup } from "./layout";
import type { WebVisit } from "./visit";

type Scopes = readonly (readonly [label: string, scope: string])[];

const repositoryScopes: Scopes = [
  ["Repositories: Read", "repository"],
  ["Repositories: Write", "repository:write"],
  ["Repositories: Admin", "repository:admin"],
  ["Repositories: Delete", "repository:delete"],
  ["Pull requests: Read", "pullrequest"],
  ["Pull requests: Write", "pullrequest:write"],
  ["Webhooks: Read and write", "webhook"],
  ["Pipelines: Read", "pipeline"],
  ["Pipelines: Write", "pipeline:write"],
  ["Pipelines: Edit variables", "pipeline:variable"],
];

const widerScopes: Scopes = [
  ...repositoryScopes,
  ["Projects: Read", "project"],
  ["Account: Read", "account"],
];

const apiScopes: Scopes = [
  "read:repository:bitbucket",
  "write:repository:bitbucket",
  "admin:repository:bitbucket",
  "read:pullrequest:bitbucket",
  "write:pullrequest:bitbucket",
  "read:user:bitbucket",
  "read:workspace:bitbucket",
  "read:project:bitbucket",
].map((scope) => [scope, scope] as const);

/** Where a token is made and shown, once. Whoever opens the page may make one: this is a test server. */
export function tokenPage(owner: TokenOwner, visit: WebVisit): Answer {
  const request = toRequest(owner, visit);
  if (!request) return page(title(owner), tokenForm(owner));
  return page("Your token", createdToken(visit.tokens.add(request), visit.webUrl));
}

function toRequest(owner: TokenOwner, { form, method, tokens }: WebVisit): TokenRequest | undefined {
  const wanted = form.get("name")?.trim() ?? "";
  if (method !== "POST" || wanted === "") return undefined;
  const account = form.get("account");
  const name = tokens.find(wanted) ? `${wanted} ${new Date().toISOString()}` : wanted;
  const expires = form.get("expires");
  const common = { name, scopes: form.getAll("scope"), ...(expires ? { expires } : {}) };
  return owner.kind === "api" && account ? { kind: "api", account, ...common } : { ...owner, ...common };
}

function tokenForm(owner: TokenOwner): Markup {
  const isPersonal = owner.kind === "api";
  const scopes = isPersonal ? apiScopes : owner.kind === "repository" ? repositoryScopes : widerScopes;
  const boxes = scopes.map(
    ([label, scope]) => markup`<label><input type="checkbox" name="scope" value="${scope}"> ${label}</label>`,
  );
  const account = markup`<label>Account e-mail <input name="account" type="email" required></label>`;
  return markup`<form method="post">
<label>Name <input name="name" required></label>${isPersonal ? account : undefined}
<label>Expires on <input name="expires" type="date"></label>
<fieldset><legend>Scopes</legend>${boxes}</fieldset><button>Create</button></form>`;
}

function createdToken(token: Token, webUrl: string): Markup {
  const { owner, secret, botEmail } = token;
  const shown = markup`<p>Copy it now: it is shown this once.</p><pre id="token">${secret}</pre>`;
  if (owner.kind !== "repository") return shown;
  const remote = new URL(`${webUrl}/${owner.repository}.git`);
  remote.username = "x-token-auth";
  remote.password = encodeURIComponent(secret);
  return markup`${shown}
<h2>Clone with it</h2><pre id="clone">git clone ${remote.href}</pre>
<h2>Let commits belong to it</h2><pre id="email">git config user.email ${botEmail}</pre>`;
}

function title(owner: TokenOwner): string {
  switch (owner.kind) {
    case "repository":
      return `Access tokens of ${owner.repository}`;
    case "project":
      return `Access tokens of the project ${owner.project}`;
    case "workspace":
      return `Access tokens of the workspace ${owner.workspace}`;
    case "api":
    case "app_password":
      return "API tokens with scopes";
  }
}
