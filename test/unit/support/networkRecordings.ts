import { BitbucketClient } from "../../../src/bitbucket/client";
import { createRepository, listProjects } from "../../../src/bitbucket/createRepository";
import { readAdvertisement, type GitService } from "../../../src/bitbucket/gitAdvertisement";
import { createSend, type Send } from "../../../src/bitbucket/http";
import { RepositoryListClient } from "../../../src/bitbucket/repositoryListClient";
import type { BitbucketSite } from "../../../src/bitbucket/site";
import type { Bitbucket } from "../../bitbucket/startBitbucket";
import type { RecordedAnswer } from "./networkFuzz";

/** Something that is asked of Bitbucket, and what was answered. */
export interface Exchange {
  readonly name: string;
  readonly secret: string;
  readonly answers: readonly RecordedAnswer[];
  readonly run: (send: Send) => Promise<unknown>;
}

type Question = Pick<Exchange, "name" | "run" | "secret">;

const repository = { workspace: "acme", slug: "payments" };
const { signal } = new AbortController();
const headerNames = [
  "x-oauth-scopes",
  "x-accepted-oauth-scopes",
  "x-credential-type",
  "retry-after",
  "content-type",
];

/** Each question with the good answer of an embedded Bitbucket and with its refusals. */
export async function recordExchanges(bitbucket: Bitbucket): Promise<readonly Exchange[]> {
  const { webUrl, apiUrl } = bitbucket;
  bitbucket.addRepository("acme/payments");
  bitbucket.addRepository("acme/ledger");
  const questions = ask({ webUrl, apiUrl }, addTokens(bitbucket));
  // It has no pull requests: this one has the fields that are asked for.
  const source = { branch: { name: "feature" }, repository: { full_name: "acme/payments" } };
  const body = JSON.stringify({ source });
  bitbucket.faults.add({ kind: "status", status: 200, body, match: { path: /\/pullrequests\// } });
  const exchanges: Exchange[] = [];
  for (const question of questions) exchanges.push(await record(question));
  for (const fault of [401, 403, 404, 429].map((status) => ({ kind: "status", status }) as const)) {
    const remove = bitbucket.faults.add(fault);
    for (const question of questions) exchanges.push(await record(question));
    remove();
  }
  return exchanges;
}

function addTokens(bitbucket: Bitbucket) {
  const scopes = ["repository", "repository:write", "project"];
  const access = bitbucket.addToken({
    kind: "repository",
    repository: "acme/payments",
    scopes,
    name: "access",
  });
  const account = "ada@example.com";
  const apiScopes = ["repository", "workspace", "project"].map((what) => `read:${what}:bitbucket`);
  const api = bitbucket.addToken({
    kind: "api",
    account,
    scopes: [...apiScopes, "admin:repository:bitbucket"],
    name: "api",
  });
  return {
    access: { secret: access.secret, kind: "repository" },
    api: { secret: api.secret, kind: "api", account },
  } as const;
}

function ask(site: BitbucketSite, { access, api }: ReturnType<typeof addTokens>): readonly Question[] {
  const lists = (send: Send) => new RepositoryListClient({ site, send, token: api, storedFor: repository });
  const next = `${site.apiUrl}/repositories/acme?role=member&page=1`;
  const wanted = { repository: { ...repository, slug: "new" }, name: "New", isPrivate: true };
  const advertisement = (service: GitService) => (send: Send) =>
    readAdvertisement(send, { site, repository, ...access, scopes: ["repository"], service, signal });
  const asApi = (name: string, run: Exchange["run"]) => ({ name, run, secret: api.secret });
  const asAccess = (name: string, run: Exchange["run"]) => ({ name, run, secret: access.secret });
  return [
    asAccess("verify", (send) => new BitbucketClient(site, send).verifyToken(repository, access, signal)),
    asApi("verify as a person", (send) =>
      new BitbucketClient(site, send).verifyToken(repository, api, signal),
    ),
    asApi("repository", (send) => lists(send).repository(repository, signal)),
    asApi("repositories", (send) => lists(send).repositories("acme", {}, signal)),
    asApi("next page", (send) => lists(send).following(next, "acme", signal)),
    asApi("workspaces", (send) => lists(send).workspaces(signal)),
    asApi("branches", (send) => lists(send).branches(repository, signal)),
    asApi("projects", (send) => listProjects({ site, send, token: api, signal }, "acme")),
    asApi("create", (send) => createRepository({ site, send, token: api, signal }, wanted)),
    asAccess("read advertisement", advertisement("git-upload-pack")),
    asAccess("write advertisement", advertisement("git-receive-pack")),
    asApi("pull request", (send) => lists(send).pullRequestBranch(repository, 1, signal)),
  ];
}

async function record(question: Question): Promise<Exchange> {
  const answers: RecordedAnswer[] = [];
  const send = createSend(() => undefined);
  await question
    .run(async (request) => {
      const answer = await send(request);
      const headers = headerNames.map((name) => [name, answer.header(name)] as const);
      const known = headers.filter((one): one is [string, string] => one[1] !== undefined);
      answers.push({ status: answer.status, headers: Object.fromEntries(known), body: answer.body });
      return answer;
    })
    .catch(() => undefined); // a refusal is an answer too
  return { ...question, answers };
}
