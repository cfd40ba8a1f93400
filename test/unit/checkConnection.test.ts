import assert from "node:assert/strict";
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import type { ConnectRequest } from "../../src/flows/connect/connectRequest";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { checkConnection, repairAll, type Examination } from "../../src/flows/check/checkConnection";
import type { Finding, FindingId, Repair } from "../../src/flows/check/finding";
import { commandIds } from "../../src/commands/ids";
import { replaceToken } from "../../src/flows/tokens/replaceToken";
import type { StoredToken } from "../../src/credentials/tokenStore";
import type { Ports } from "../../src/flows/ports";
import { createOpenGit } from "../../src/git/openGit";
import { healthyMessage, previewAll, titleOf, toReport, toRows } from "../../src/ui/check/findings";
import { makeCertificate } from "../bitbucket/certificates";
import { startBitbucket, type MadeToken } from "../bitbucket/startBitbucket";
import {
  addOwnHelper,
  configText,
  connectRequest,
  createRepository,
  git,
  gitOnline,
  openPorts,
} from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { onStage } from "./support/onStage";

const dayMs = 86_400_000;

interface Connected {
  readonly local: GitRepository;
  readonly slug: string;
  readonly url: string;
  readonly token: MadeToken;
}

describe("checking a connection", () => {
  let count = 0;
  let secrets: string[];
  const signal = new AbortController().signal;
  const on = onStage();
  beforeEach(() => {
    secrets = [];
  });

  function addToken(slug: string, scopes?: readonly string[]): MadeToken {
    const token = on.addToken(slug, scopes);
    secrets.push(token.secret);
    return token;
  }

  async function connected(changes: Partial<ConnectRequest> = {}, scopes?: string[]): Promise<Connected> {
    const slug = `health-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const token = addToken(slug, scopes);
    const local = createRepository(on.stage, slug);
    const repository = { workspace: "acme", slug };
    const request = connectRequest({ repository, token: { secret: token.secret }, ...changes });
    await connectRepository(on.open.ports, local, request, () => undefined, signal);
    return { local, slug, token, url: `${on.bitbucket.webUrl}/acme/${slug}.git` };
  }

  const check = (local: GitRepository, ports: Ports = on.open.ports, clock = Date.now) =>
    checkConnection(ports, local, { reminderDays: 14, clock, signal });

  const idsOf = ({ findings }: Examination) => findings.map(({ id }) => id);

  function find(examination: Examination, id: FindingId): Finding {
    const finding = examination.findings.find((one) => one.id === id);
    assert.ok(finding, `expected ${id} among: ${idsOf(examination).join(", ")}`);
    return finding;
  }

  function repairOf({ fix }: Finding): Repair {
    assert.ok(fix?.kind === "repair", "expected a repair");
    return fix;
  }

  /** Nothing that a person could see or copy holds any of the secrets. */
  function assertSilent(examination: Examination): void {
    const seen = [
      JSON.stringify(toRows(examination)),
      JSON.stringify(examination.facts),
      ...previewAll(examination),
      ...examination.findings.flatMap(({ fix }) =>
        fix?.kind === "repair" ? fix.preview("a@example.com") : [],
      ),
      toReport(examination),
      healthyMessage(examination),
    ].join("\n");
    for (const secret of secrets) {
      for (const spelling of [secret, encodeURIComponent(secret), secret.slice(0, 40)])
        assert.ok(!seen.includes(spelling), `a secret shows: ${seen.replace(spelling, "<HERE>")}`);
    }
  }

  /** It is found, gone after its fix, and there again after the undo, which leaves the config as it was broken. */
  async function assertRepairs(local: GitRepository, id: FindingId, answer?: string): Promise<void> {
    const broken = configText(local);
    const examination = await check(local);
    const finding = find(examination, id);
    assertSilent(examination);
    const repair = repairOf(finding);
    assert.ok(repair.preview(answer).length > 0);
    const { undo } = await repair.apply(signal, answer);
    assert.ok(!idsOf(await check(local)).includes(id), `${id} is still there after its fix`);
    await undo();
    assert.equal(configText(local), broken);
    await repairOf(find(await check(local), id)).apply(signal, answer);
  }

  it("finds nothing where all is well, asks Bitbucket once and changes nothing", async () => {
    const { local } = await connected({ email: "bot@bots.bitbucket.org" });
    const before = configText(local);
    on.bitbucket.clearRequests();
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), []);
    assert.equal(on.bitbucket.requests.length, 1);
    assert.equal(configText(local), before);
    assert.match(healthyMessage(examination), /Token: in VS Code's secret storage/);
    assertSilent(examination);
  });

  for (const gitAccess of ["vscode", "credentialHelper"] as const) {
    it(`finds nothing beside a helper of the person's own (${gitAccess})`, async () => {
      addOwnHelper(on.stage);
      const { local } = await connected({ gitAccess });
      assert.deepEqual(idsOf(await check(local)), []);
    });
  }

  it("asks Bitbucket nothing where no token is", async () => {
    const local = createRepository(on.stage, "plain");
    on.bitbucket.clearRequests();
    assert.deepEqual(idsOf(await check(local)), ["no-bitbucket-remote"]);
    assert.equal(on.bitbucket.requests.length, 0);
  });

  it("says that git asks for a password, with a stored token or without one (U1)", async () => {
    const slug = `health-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const local = createRepository(on.stage, slug);
    git(local.root, "remote", "add", "origin", `${on.bitbucket.webUrl}/acme/${slug}.git`);
    assert.match(find(await check(local), "token-missing").message, /No token is stored for acme/);
    const { secret } = addToken(slug);
    const stored = { secret, kind: "repository" as const, scopes: [], savedAt: "" };
    await on.open.ports.tokens.save(on.stage.site, { workspace: "acme", slug }, stored);
    const { message, fix } = find(await check(local), "token-missing");
    assert.match(message, /isn't connected.*stored token/);
    assert.equal(
      fix?.kind === "lead" && fix.fix.kind === "runCommand" && fix.fix.command,
      commandIds.connectRepository,
    );
  });

  it("doesn't call it proven where Bitbucket was not asked", async () => {
    addOwnHelper(on.stage);
    const local = createRepository(on.stage, "own-helper");
    git(local.root, "remote", "add", "origin", `${on.bitbucket.webUrl}/acme/own-helper.git`);
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), []);
    assert.doesNotMatch(healthyMessage(examination), /works/);
    assert.match(healthyMessage(examination), /Bitbucket wasn't asked/);
  });

  it("says what was proven where all is well: read, push, sign-in, commits and expiry (U9)", async () => {
    const expires = new Date(Date.now() + 100 * dayMs).toISOString().slice(0, 10);
    const { local } = await connected({ email: "bot@bots.bitbucket.org", expires }, [
      "repository:admin",
      "repository:write",
      "pullrequest:write",
      "account",
    ]);
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), []);
    const said = healthyMessage(examination);
    for (const what of [/can pull and push/, /Git signs in/, /bot@bots\.bitbucket\.org/, new RegExp(expires)])
      assert.match(said, what);
  });

  /** Each breaks a healthy repository with git, as a person would. */
  const breakages: readonly [FindingId, string, (one: Connected) => void, answer?: string][] = [
    [
      "user-name-in-url",
      "a user name in the address",
      ({ local, url }) => git(local.root, "remote", "set-url", "origin", url.replace("://", "://ada@")),
    ],
    [
      "user-name-in-url",
      "a user name in a push address",
      ({ local, url }) =>
        git(local.root, "remote", "set-url", "--push", "origin", url.replace("://", "://ada@")),
    ],
    [
      "unusual-url",
      "an address without .git",
      ({ local, url }) => git(local.root, "remote", "set-url", "origin", url.replace(/\.git$/, "")),
    ],
    [
      "helper-missing",
      "git's sign-in taken out",
      ({ local, url }) => git(local.root, "config", "--remove-section", `credential.${url}`),
    ],
    [
      "helper-asked-first",
      "a helper that is asked first",
      ({ local, url }) => {
        addOwnHelper(on.stage);
        const ours = git(local.root, "config", "--get", `credential.${url}.helper`);
        git(local.root, "config", "--replace-all", `credential.${url}.helper`, ours);
      },
    ],
    [
      "helper-keeps-copy",
      "a helper set up after connecting",
      ({ local }) => git(local.root, "config", "credential.helper", "store"),
    ],
    [
      "http-path-missing",
      "useHttpPath taken out",
      ({ local, url }) => git(local.root, "config", "--unset", `credential.${url}.useHttpPath`),
    ],
    [
      "http-path-missing",
      "useHttpPath switched off",
      ({ local, url }) => git(local.root, "config", `credential.${url}.useHttpPath`, "off"),
    ],
    [
      "commit-address-wrong",
      "something else than an address",
      ({ local }) => git(local.root, "config", "user.email", "Ada"),
      "ada@example.com",
    ],
    [
      "commit-address-missing",
      "no address anywhere",
      () => {
        writeFileSync(join(on.stage.home, ".gitconfig"), "[user]\n\tname = Ada\n");
      },
      "ada@example.com",
    ],
    [
      "certificate-not-checked",
      "certificates not checked",
      ({ local, url }) => git(local.root, "config", `http.${new URL(url).origin}.sslVerify`, "false"),
    ],
    [
      "certificate-file-missing",
      "a certificate file that is gone",
      ({ local }) => git(local.root, "config", "http.sslCAInfo", "/nowhere/ca.pem"),
    ],
    [
      "proxy-unreachable",
      "a dead proxy",
      ({ local }) => git(local.root, "config", "http.proxy", "http://ada:pass@127.0.0.1:1"),
    ],
    [
      "proxy-unreachable",
      "a dead proxy of one remote",
      ({ local }) => git(local.root, "config", "remote.origin.proxy", "127.0.0.1:1"),
    ],
  ];
  for (const [id, name, breakIt, answer] of breakages) {
    it(`finds ${name}, mends it and puts it back (${id})`, async () => {
      const one = await connected();
      assert.deepEqual(idsOf(await check(one.local)), []);
      breakIt(one);
      await assertRepairs(one.local, id, answer);
      assert.deepEqual(idsOf(await check(one.local)), []);
    });
  }

  it("finds a helper whose path is stale, and git pushes after the fix (helper-stale)", async () => {
    const { local, url } = await connected();
    const ours = git(local.root, "config", "--get", `credential.${url}.helper`);
    const stale = ours.replaceAll(on.stage.storageDir, join(on.stage.root, "another editor's", "storage"));
    git(local.root, "config", "--replace-all", `credential.${url}.helper`, "");
    git(local.root, "config", "--add", `credential.${url}.helper`, stale);
    git(local.root, "commit", "-q", "--allow-empty", "-m", "More");
    await assert.rejects(gitOnline(local.root, "push", "-q"));
    await assertRepairs(local, "helper-stale");
    await gitOnline(local.root, "push", "-q");
  });

  it("lets a helper that is set up later keep no copy after the fix", async () => {
    const { local } = await connected();
    const own = addOwnHelper(on.stage);
    const spy = git(local.root, "config", "--global", "credential.helper");
    git(local.root, "config", "credential.helper", spy);
    await repairOf(find(await check(local), "helper-keeps-copy")).apply(signal);
    git(local.root, "commit", "-q", "--allow-empty", "-m", "More");
    await gitOnline(local.root, "push", "-q");
    assert.equal(own.calls(), "");
  });

  it("disconnects as before, whatever was mended", async () => {
    const slug = `health-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const local = createRepository(on.stage, slug);
    const before = configText(local);
    const request = connectRequest({ repository: { workspace: "acme", slug }, token: addToken(slug) });
    await connectRepository(
      on.open.ports,
      local,
      { ...request, email: "bot@x.org" },
      () => undefined,
      signal,
    );
    const url = `${on.bitbucket.webUrl}/acme/${slug}.git`;
    git(local.root, "config", "--remove-section", `credential.${url}`);
    git(local.root, "remote", "set-url", "origin", url.replace("://", "://ada@"));
    git(local.root, "config", "user.email", "ada@example.com");
    const start = await check(local);
    const { examination } = await repairAll(() => check(local), start, signal);
    assert.deepEqual(idsOf(examination), ["commit-address-wrong"], "no branch carries the address");
    await repairOf(find(examination, "commit-address-wrong")).apply(signal, "other@example.com");
    assert.deepEqual(idsOf(await check(local)), []);
    const [connection] = await on.open.ports.connections.get(join(local.root, ".git"));
    assert.ok(connection);
    await disconnectRepository(on.open.ports, local, connection, false);
    assert.equal(configText(local), before);
  });

  it("knows the commit email of connecting again from a commit that carries it", async () => {
    const { local } = await connected({ email: "bot@bots.bitbucket.org" });
    git(local.root, "commit", "-q", "--allow-empty", "-m", "By the bot");
    git(local.root, "config", "user.email", "ada@example.com");
    const repair = repairOf(find(await check(local), "commit-address-wrong"));
    assert.equal(repair.question?.value, "bot@bots.bitbucket.org");
    assert.deepEqual(repair.preview(), ["user.email: ada@example.com → bot@bots.bitbucket.org"]);
    await assertRepairs(local, "commit-address-wrong");
  });

  it("blanks a token out of a comment, and nothing else", async () => {
    const { local, token, url } = await connected();
    const inUrl = url.replace("://", `://x-token-auth:${encodeURIComponent(token.secret)}@`);
    const name = '\tname = "# ATCTT3xNoCommentHere"';
    appendFileSync(join(local.root, ".git", "config"), `# was ${inUrl}\n[user]\n${name} ; ${token.secret}\n`);
    await assertRepairs(local, "token-in-comment");
    const text = configText(local);
    assert.ok(text.includes(`# was ${url}\n`) && text.includes(`${name} ; …\n`), text);
    assert.equal(git(local.root, "config", "user.name"), "# ATCTT3xNoCommentHere");
  });

  it("tells of a password for another host and leaves it alone", async () => {
    const { local } = await connected();
    secrets.push("hunter2hunter2");
    git(local.root, "remote", "add", "hub", "https://ada:hunter2hunter2@github.com/acme/x.git");
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-other-url"]);
    assert.equal(find(examination, "token-in-other-url").fix, undefined);
    assertSilent(examination);
  });

  it("switches an SSH remote to HTTPS with the kept token, so that git signs in with it", async () => {
    const { local, slug, url } = await connected();
    const [connection] = await on.open.ports.connections.get(join(local.root, ".git"));
    assert.ok(connection);
    const host = new URL(on.bitbucket.webUrl).hostname;
    git(local.root, "remote", "set-url", "origin", `git@${host}:acme/${slug}.git`);
    const examination = await check(local);
    assert.equal(find(examination, "ssh-remote").severity, "information");
    await assertRepairs(local, "ssh-remote");
    assert.equal(git(local.root, "remote", "get-url", "origin"), url);
    await gitOnline(local.root, "fetch", "-q");
  });

  /** What a person mends elsewhere: with another token, mostly. */
  const leads: readonly [FindingId, string, (one: Connected) => Promise<unknown> | undefined, string[]?][] = [
    [
      "token-refused",
      "a revoked token",
      ({ token }) => {
        on.bitbucket.revoke(token.name);
        return undefined;
      },
    ],
    ["token-too-weak", "a token that can only read", () => undefined, ["repository"]],
    [
      "token-too-mighty",
      "a token that can delete",
      () => undefined,
      ["repository", "repository:write", "repository:delete"],
    ],
    ["token-expires-soon", "a token near its end", (one) => expire(one, Date.now() + 3 * dayMs)],
    ["token-expired", "a token past its end", (one) => expire(one, Date.now() - 3 * dayMs)],
  ];
  for (const [id, name, breakIt, scopes] of leads) {
    it(`finds ${name} until another takes its place (${id})`, async () => {
      const isReadOnly = scopes?.length === 1;
      const one = await connected(isReadOnly ? { branch: undefined } : {}, scopes);
      await breakIt(one);
      const examination = await check(one.local);
      const { fix } = find(examination, id);
      assert.ok(fix?.kind === "lead" && fix.fix.kind === "runCommand");
      assert.equal(fix.fix.command, "bitbucketConnect.replaceToken");
      assert.deepEqual(idsOf(examination), [id]);
      assertSilent(examination);
      const repository = { workspace: "acme", slug: one.slug };
      const next = { repository, token: addToken(one.slug), expires: undefined };
      await replaceToken(on.open.ports, next, signal);
      assert.deepEqual(idsOf(await check(one.local)), []);
    });
  }

  async function expire({ slug }: Connected, time: number): Promise<void> {
    const repository = { workspace: "acme", slug };
    const stored = await on.open.ports.tokens.stored(on.stage.site, repository);
    assert.ok(stored);
    const expires = new Date(time).toISOString().slice(0, 10);
    await on.open.ports.tokens.save(on.stage.site, repository, { ...stored, expires });
  }

  it("finds that the editor has lost the token (token-missing)", async () => {
    const { local, slug } = await connected();
    await on.open.ports.tokens.forget(on.stage.site, { workspace: "acme", slug });
    assert.deepEqual(idsOf(await check(local)), ["token-missing"]);
  });

  it("finds a remote that points to a repository which the token can't see", async () => {
    const { local, slug, token } = await connected();
    const [other, missing] = [`other-${++count}`, `missing-${++count}`];
    on.bitbucket.addRepository(`acme/${other}`);
    for (const [name, id] of [
      [other, "token-other-repository"],
      [missing, "token-other-repository"],
    ] as const) {
      const stored = await on.open.ports.tokens.stored(on.stage.site, { workspace: "acme", slug });
      assert.ok(stored);
      await on.open.ports.tokens.save(on.stage.site, { workspace: "acme", slug: name }, stored);
      git(local.root, "remote", "set-url", "origin", `${on.bitbucket.webUrl}/acme/${name}.git`);
      find(await check(local), id);
    }
    assert.ok(token.secret);
  });

  it("finds a clock that is ten minutes off, either way", async () => {
    const { local } = await connected();
    for (const [ms, words] of [
      [600_000, /10 minutes ahead/],
      [-600_000, /10 minutes behind/],
    ] as const) {
      const examination = await check(local, on.open.ports, () => Date.now() + ms);
      assert.match(find(examination, "clock-wrong").message, words);
    }
    assert.deepEqual(idsOf(await check(local, on.open.ports, () => Date.now() + 120_000)), []);
  });

  it("says what stands between here and Bitbucket, and that it is gone", async () => {
    const { local } = await connected();
    on.bitbucket.faults.add({ kind: "reset" });
    assert.deepEqual(idsOf(await check(local)), ["bitbucket-unreachable"]);
    on.bitbucket.faults.clear();
    on.bitbucket.faults.add({ kind: "html", status: 503 });
    assert.deepEqual(idsOf(await check(local)), ["bitbucket-trouble"]);
    on.bitbucket.faults.clear();
    assert.deepEqual(idsOf(await check(local)), []);
  });

  it("says that Bitbucket's certificate is not trusted here", async () => {
    const tls = makeCertificate("localhost", { hosts: ["localhost"] });
    const other = await startBitbucket({ tls, hostName: "localhost" });
    const site = { webUrl: other.webUrl, apiUrl: other.apiUrl };
    const there = openPorts({ ...on.stage, site, storageDir: join(on.stage.root, "tls") });
    try {
      const local = createRepository(on.stage, "certified");
      git(local.root, "remote", "add", "origin", `${site.webUrl}/acme/certified.git`);
      const token = {
        secret: "ATCTT3xFfGN0aaaaaaaaaaaaaaaaaaaa",
        kind: "repository",
        scopes: [],
        savedAt: "",
      } satisfies StoredToken;
      await there.ports.tokens.save(site, { workspace: "acme", slug: "certified" }, token);
      const finding = find(await check(local, there.ports), "editor-certificate-untrusted");
      assert.match(finding.message, /doesn't trust the certificate of localhost:\d+/);
    } finally {
      await there.close();
      await other.close();
    }
  });

  it("finds a git that is too old, and no newer one", async () => {
    const { local } = await connected();
    const old = join(on.stage.root, "old-git");
    for (const [version, ids] of [
      ["2.17.1", ["git-too-old"]],
      ["2.26.2", []],
      ["2.52.0.windows.1", []],
    ] as const) {
      writeFileSync(old, `#!/bin/sh\n[ "$1" = version ] && echo 'git version ${version}' || exec git "$@"\n`);
      chmodSync(old, 0o755);
      assert.deepEqual(idsOf(await check(local, { ...on.open.ports, openGit: createOpenGit(old) })), ids);
    }
  });

  it("runs nothing that the repository names (P33)", async () => {
    const { local, url } = await connected({ email: "bot@bots.bitbucket.org" });
    const ran = join(on.stage.root, "ran");
    const trap = join(on.stage.root, "trap");
    writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >>'${ran}'\n`);
    chmodSync(trap, 0o755);
    mkdirSync(join(on.stage.root, "hooks"));
    for (const hook of ["pre-push", "post-checkout", "reference-transaction", "fsmonitor-watchman"])
      writeFileSync(join(on.stage.root, "hooks", hook), readFileSync(trap), { mode: 0o755 });
    for (const key of ["core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass"])
      git(local.root, "config", key, trap);
    for (const key of ["gpg.program", "diff.external", "core.gitProxy", "core.alternateRefsCommand"])
      git(local.root, "config", key, trap);
    git(local.root, "config", "core.hooksPath", join(on.stage.root, "hooks"));
    git(local.root, "config", "log.showSignature", "true");
    git(local.root, "config", "credential.helper", trap);
    git(local.root, "config", "--unset", `credential.${url}.useHttpPath`);
    git(local.root, "config", "user.email", "Ada");
    rmSync(ran, { force: true });
    const examination = await check(local);
    assert.ok(idsOf(examination).includes("helper-keeps-copy"));
    assert.throws(() => readFileSync(ran), /ENOENT/);
  });

  it("mends all at once, and takes all of it back", async () => {
    const one = await connected();
    const { local, url } = one;
    git(local.root, "config", `credential.${url}.useHttpPath`, "false");
    git(local.root, "config", "credential.helper", "store");
    git(local.root, "config", "http.sslVerify", "false");
    git(local.root, "remote", "set-url", "origin", url.replace("://", "://ada@"));
    const broken = configText(local);
    const start = await check(local);
    assert.equal(start.findings.length, 4);
    assert.ok(previewAll(start).includes("http.sslverify: false → (not set)"), previewAll(start).join("\n"));
    const { undo, examination } = await repairAll(() => check(local), start, signal);
    assert.deepEqual(idsOf(examination), []);
    await undo();
    assert.equal(configText(local), broken);
    assert.deepEqual(idsOf(await check(local)), idsOf(start));
  });

  it("does nothing where the config has changed since it was checked", async () => {
    const { local, url } = await connected();
    git(local.root, "remote", "set-url", "origin", url.replace("://", "://ada@"));
    const repair = repairOf(find(await check(local), "user-name-in-url"));
    git(local.root, "remote", "set-url", "origin", "https://github.com/acme/x.git");
    await assert.rejects(repair.apply(signal), /changed after the check/);
    assert.equal(git(local.root, "remote", "get-url", "origin"), "https://github.com/acme/x.git");
  });

  it("reports without addresses of people, folders of theirs, or secrets", async () => {
    const { local, token } = await connected({ email: "ada.lovelace@example.com" });
    const examination = await check(local);
    const home = { HOME: process.env["HOME"] ?? "" };
    const foreign: Finding = {
      id: "helper-stale",
      severity: "error",
      message: `${home.HOME}/bin/x for https://ada:${token.secret}@bitbucket.org/acme/x and ${token.secret}`,
    };
    const report = toReport({ ...examination, findings: [foreign] });
    assert.ok(
      report.includes("- **error** `helper-stale`: ~/bin/x for https://…@bitbucket.org/acme/x and …"),
      report,
    );
    assert.ok(report.includes("…@example.com") && !report.includes("lovelace"), report);
    assert.ok(!report.includes(token.secret));
  });

  it("names each finding in a few words, the worst first", async () => {
    const { local } = await connected({}, ["repository", "repository:write", "webhook"]);
    git(local.root, "config", "http.sslVerify", "false");
    git(local.root, "config", "http.sslCAInfo", "/nowhere");
    const rows = toRows(await check(local));
    assert.deepEqual(
      rows.map(({ icon, label }) => [icon, label]),
      [
        ["error", titleOf("certificate-file-missing")],
        ["warning", titleOf("certificate-not-checked")],
        ["info", titleOf("token-too-mighty")],
      ],
    );
  });
});
