import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { globalAgent } from "node:https";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { RequestTrace } from "../../../src/bitbucket/http";
import { RepositoryListClient } from "../../../src/bitbucket/repositoryListClient";
import { remoteUrl, type BitbucketSite } from "../../../src/bitbucket/site";
import type { StoredToken } from "../../../src/credentials/tokenStore";
import { toPresented } from "../../../src/flows/clone/listRepositoriesReach";
import { makeCertificate, type Certificate } from "../../bitbucket/certificates";
import { startBitbucket, type Bitbucket } from "../../bitbucket/startBitbucket";
import { createRepository, createStage, git, openPorts, removeStage, useHome } from "./connectStage";
import { GitRepository } from "./gitRepository";
import { startOtherHost } from "./networkOtherHost";

/** The embedded Bitbuckets that cells talk with, by what is special about their connection. */
export type SiteKind = "plain" | "secure" | "unknownAuthority" | "expired" | "notYetValid" | "wrongName";

export const account = "ada@example.com";
const accessScopes = ["repository", "repository:write", "project", "pullrequest"];
const apiScopes = ["repository", "workspace", "project", "user", "pullrequest"]
  .map((what) => `read:${what}:bitbucket`)
  .concat("write:repository:bitbucket", "admin:repository:bitbucket");

/** What all cells of a matrix share: Bitbuckets, another host, a home, and a repository to copy. */
export async function createNetworkStage() {
  const stage = createStage({ webUrl: "", apiUrl: "" });
  useHome(stage);
  const otherHost = await startOtherHost();
  const authority = makeCertificate("Known");
  const takeBackTrust = trust(stage.home, authority);
  const bitbuckets = await startBitbuckets(authority);
  const { root: seed } = createRepository(stage, "seed", 1);
  const { root: ahead } = createRepository({ ...stage, root: join(stage.root, "ahead") }, "local", 0);
  git(ahead, "fetch", "-q", seed, "main");
  git(ahead, "reset", "-q", "--hard", "FETCH_HEAD");
  const seedCommit = git(ahead, "rev-parse", "HEAD");
  writeFileSync(join(ahead, "mine.txt"), "mine\n");
  git(ahead, "add", ".");
  git(ahead, "commit", "-q", "-m", "Mine");
  return {
    stage,
    otherHost,
    bitbuckets,
    seed,
    seedCommit,
    ahead,
    async close() {
      takeBackTrust();
      await otherHost.close();
      await Promise.all(Object.values(bitbuckets).map((bitbucket) => bitbucket.close()));
      removeStage(stage);
    },
  };
}

export type NetworkStage = Awaited<ReturnType<typeof createNetworkStage>>;

/** The editor's requests and git trust one authority more. Returns what takes that back. */
function trust(home: string, { cert }: Certificate): () => void {
  const file = join(home, "authority.pem");
  writeFileSync(file, cert);
  globalAgent.options.ca = [...rootCertificates, cert];
  const { GIT_SSL_CAINFO: before } = process.env; // it stands before http.sslCAInfo
  process.env["GIT_SSL_CAINFO"] = file;
  return () => {
    delete globalAgent.options.ca;
    if (before === undefined) delete process.env["GIT_SSL_CAINFO"];
    else process.env["GIT_SSL_CAINFO"] = before;
  };
}

async function startBitbuckets(issuer: Certificate): Promise<Record<SiteKind, Bitbucket>> {
  const hostName = "localhost";
  const hosts = [hostName];
  const issued = { hosts, issuer };
  const stranger = makeCertificate("Unknown");
  const [plain, secure, unknownAuthority, expired, notYetValid, wrongName] = await Promise.all([
    startBitbucket(),
    startBitbucket({ hostName, tls: makeCertificate("Good", issued) }),
    startBitbucket({
      hostName,
      tls: makeCertificate("Strange", { hosts, issuer: stranger }),
    }),
    startBitbucket({ hostName, tls: makeCertificate("Old", { ...issued, validDays: [-30, -1] }) }),
    startBitbucket({ hostName, tls: makeCertificate("Young", { ...issued, validDays: [1, 30] }) }),
    startBitbucket({ hostName, tls: makeCertificate("Wrong", { ...issued, hosts: ["elsewhere.example"] }) }),
  ]);
  return { plain, secure, unknownAuthority, expired, notYetValid, wrongName };
}

let count = 0;

/** A person with tokens, a workspace of their own on Bitbucket, and whatever of a local repository an operation needs. */
export class Cell {
  readonly bitbucket: Bitbucket;
  readonly site: BitbucketSite;
  readonly repository: { readonly workspace: string; readonly slug: string };
  readonly open: ReturnType<typeof openPorts>;
  /** Where local repositories are, and clones go. */
  readonly directory: string;
  /** Everything that was shown or logged. */
  readonly said: string[] = [];
  readonly secrets: string[] = [];
  private readonly tokenNames = new Set<string>();

  constructor(
    readonly network: NetworkStage,
    siteKind: SiteKind,
  ) {
    this.bitbucket = network.bitbuckets[siteKind];
    const { webUrl, apiUrl } = this.bitbucket;
    this.site = { webUrl, apiUrl };
    const name = `w${++count}`;
    this.repository = { workspace: name, slug: "payments" };
    const root = join(network.stage.root, name);
    this.directory = join(root, "work");
    mkdirSync(this.directory, { recursive: true });
    const own = { storageDir: join(root, "s"), secretsFile: join(root, "secrets.json"), site: this.site };
    this.open = openPorts({ ...network.stage, ...own }, {}, (trace: RequestTrace) => {
      this.said.push(`${trace.host}${trace.path} ${trace.status} ${trace.elapsedMs} ms`);
    });
  }

  /** On Bitbucket: empty, or with the first of the two commits that `localRepository` has. */
  addRepository({ seeded = false } = {}): this {
    const { workspace, slug } = this.repository;
    this.bitbucket.addRepository(`${workspace}/${slug}`, seeded ? { seedFrom: this.network.seed } : {});
    return this;
  }

  addToken(kind: "repository" | "api"): StoredToken {
    const { workspace, slug } = this.repository;
    const name = `${workspace}-${this.tokenNames.size}`;
    this.tokenNames.add(name);
    const scopes = kind === "api" ? apiScopes : accessScopes;
    const owner =
      kind === "api" ? ({ kind, account } as const) : ({ kind, repository: `${workspace}/${slug}` } as const);
    const { secret } = this.bitbucket.addToken({ ...owner, name, scopes });
    this.secrets.push(secret);
    const stored = { secret, kind, scopes, savedAt: "2026-11-24T00:00:00Z" };
    return kind === "api" ? { ...stored, account } : stored;
  }

  async keep(stored: StoredToken): Promise<StoredToken> {
    await this.open.ports.tokens.save(this.site, this.repository, stored);
    return stored;
  }

  lists(token: StoredToken): RepositoryListClient {
    return new RepositoryListClient({
      site: this.site,
      send: this.open.ports.send,
      token: toPresented(token),
      storedFor: this.repository,
    });
  }

  /** Two commits on main, and no remote yet. */
  localRepository(): GitRepository {
    const root = join(this.directory, "local");
    cpSync(this.network.ahead, root, { recursive: true });
    return new GitRepository(root);
  }

  /** One commit ahead of Bitbucket, and signs in through our helper. */
  async connectedRepository(): Promise<GitRepository> {
    const local = this.localRepository();
    await this.keep(this.addToken("repository"));
    const url = remoteUrl(this.site, this.repository);
    const helper = JSON.stringify(await this.open.ports.prepareHelper());
    const file = join(local.root, ".git", "config");
    const config = readFileSync(file, "utf8");
    const remote = `[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
    const branch = `[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n`;
    const credential = `[credential "${url}"]\n\thelper =\n\thelper = ${helper}\n\tuseHttpPath = true\n`;
    writeFileSync(file, `${config}${remote}${branch}${credential}`);
    const seen = join(local.root, ".git", "refs", "remotes", "origin");
    mkdirSync(seen, { recursive: true });
    writeFileSync(join(seen, "main"), `${this.network.seedCommit}\n`);
    return local;
  }

  /** Whether a request is one of this cell's, whoever signs in. */
  owns(request: { readonly path: string; readonly token: string | undefined }): boolean {
    if (request.token !== undefined && this.tokenNames.has(request.token)) return true;
    return request.path.split("/").includes(this.repository.workspace);
  }

  /** All that must be as before when an operation has failed. */
  snapshot(): Readonly<Record<string, string>> {
    const files = readdirSync(this.directory, { recursive: true, encoding: "utf8" }).map((name) => {
      const file = join(this.directory, name);
      return [name, statSync(file).isFile() ? readFileSync(file, "latin1") : "folder"] as const;
    });
    const home = readFileSync(join(this.network.stage.home, ".gitconfig"), "utf8");
    return { ...Object.fromEntries(files), home, secrets: JSON.stringify(this.open.secrets.all()) };
  }

  /** Each secret as it is, as a URL has it, and as a Basic sign-in has it. */
  spellings(): readonly string[] {
    const users = ["x-token-auth", "x-bitbucket-api-token-auth", account];
    return this.secrets.flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      ...users.map((user) => Buffer.from(`${user}:${secret}`).toString("base64")),
    ]);
  }

  async close(): Promise<void> {
    await this.open.close();
  }
}
