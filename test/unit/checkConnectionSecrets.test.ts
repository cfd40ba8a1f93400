import assert from "node:assert/strict";
import { appendFileSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConnection, repairAll, type Examination } from "../../src/flows/check/checkConnection";
import type { FindingId, Repair } from "../../src/flows/check/finding";
import { readHelper } from "../../src/flows/check/signIns";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { healthyMessage, previewAll, toReport, toRows } from "../../src/ui/check/findings";
import type { MadeToken } from "../bitbucket/startBitbucket";
import { createRepository, filesHolding, git, gitOnline } from "./support/connectStage";
import { GitRepository } from "./support/gitRepository";
import { onStage } from "./support/onStage";

interface ByHand {
  readonly local: GitRepository;
  readonly slug: string;
  readonly token: MadeToken;
  readonly url: string;
}

describe("tokens in other places of git's configuration", () => {
  let started: string[];
  let count = 0;
  const signal = new AbortController().signal;
  const on = onStage({ at: (action) => started.push(action) });
  beforeEach(() => {
    started = [];
  });

  function byHand(): ByHand {
    const slug = `vault-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const token = on.addToken(slug);
    const local = createRepository(on.stage, slug, 1);
    const url = `${on.bitbucket.webUrl}/acme/${slug}.git`;
    git(local.root, "remote", "add", "origin", url);
    return { local, slug, token, url };
  }

  const check = (local: GitRepository) =>
    checkConnection(on.open.ports, local, { reminderDays: 14, clock: Date.now, signal });
  const idsOf = ({ findings }: Examination) => findings.map(({ id }) => id);

  function repairOf({ findings }: Examination): Repair {
    const fix = findings.find(({ id }) => id.startsWith("token-in-"))?.fix;
    assert.ok(fix?.kind === "repair", "expected a repair");
    return fix;
  }

  const spellings = ({ secret }: MadeToken) => [
    secret,
    encodeURIComponent(secret),
    basic(secret),
    secret.slice(0, 30),
  ];

  function assertHides(examination: Examination, token: MadeToken): void {
    const seen = [
      JSON.stringify([examination.findings, examination.facts, toRows(examination)]),
      ...previewAll(examination),
      toReport(examination),
      healthyMessage(examination),
    ].join("\n");
    for (const spelling of spellings(token)) assert.ok(!seen.includes(spelling), seen);
  }

  async function assertPushes({ local, slug, token }: ByHand): Promise<void> {
    git(local.root, "commit", "-q", "--allow-empty", "-m", "Goes on");
    on.bitbucket.clearRequests();
    await gitOnline(local.root, "push", "-q", "origin", "main");
    const there = (await on.bitbucket.refs(`acme/${slug}`)).get("refs/heads/main");
    assert.equal(there, git(local.root, "rev-parse", "HEAD"));
    assert.ok(on.bitbucket.requests.some((request) => request.token === token.name));
  }

  const places = ["config", "config.worktree"];
  const textsOf = ({ root }: GitRepository) =>
    readdirSync(join(root, ".git"))
      .filter((name) => places.includes(name))
      .map((name) => readFileSync(join(root, ".git", name), "utf8"));

  const config = ({ local }: ByHand, ...args: string[]) => git(local.root, "config", ...args);
  const origin = () => new URL(on.bitbucket.webUrl).origin;
  const withToken = (url: string, { secret }: MadeToken) =>
    url.replace("://", `://x-token-auth:${encodeURIComponent(secret)}@`);

  /** Each signs git in as people do it by hand. */
  const breakages: readonly (readonly [FindingId, string, (one: ByHand) => unknown])[] = [
    [
      "token-in-header",
      "a Bearer header for the host",
      (one) => config(one, `http.${origin()}.extraHeader`, `Authorization: Bearer ${one.token.secret}`),
    ],
    [
      "token-in-header",
      "a Basic header for every host, beside one that is harmless",
      (one) => {
        config(one, "--add", "http.extraHeader", "X-Trace: 1");
        config(one, "--add", "http.extraHeader", `AUTHORIZATION: basic ${basic(one.token.secret)}`);
      },
    ],
    [
      "token-in-rewrite",
      "a rule for the host",
      (one) => config(one, `url.${withToken(`${origin()}/`, one.token)}.insteadOf`, `${origin()}/`),
    ],
    [
      "token-in-rewrite",
      "a rule for an abbreviation, and pushes",
      (one) => {
        const base = withToken(`${origin()}/`, one.token);
        config(one, `url.${base}.insteadOf`, "bb:");
        config(one, `url.${base}.pushInsteadOf`, "bb:");
        config(one, "remote.origin.url", `bb:acme/${one.slug}`);
      },
    ],
    [
      "token-in-rewrite",
      "a rule for this repository's pushes alone",
      (one) => config(one, `url.${withToken(one.url, one.token)}.pushInsteadOf`, one.url),
    ],
    [
      "token-in-helper",
      "a helper for the host",
      (one) => config(one, `credential.${origin()}.helper`, inlineHelper(one.token)),
    ],
    [
      "token-in-helper",
      "a helper for every host",
      (one) => config(one, "credential.helper", inlineHelper(one.token)),
    ],
    [
      "token-in-helper",
      "a helper under the very key that is ours",
      (one) => {
        config(one, "--add", `credential.${one.url}.helper`, "");
        config(one, "--add", `credential.${one.url}.helper`, inlineHelper(one.token));
      },
    ],
    [
      "token-in-header",
      "a header for the repository as its remote has it, without .git and with a slash",
      (one) => {
        config(one, "remote.origin.url", withoutGit(one.url));
        config(one, `http.${withoutGit(one.url)}/.extraHeader`, `Authorization: Bearer ${one.token.secret}`);
      },
    ],
    [
      "token-in-header",
      "a header for the host, where the remote is without .git",
      (one) => {
        config(one, "remote.origin.url", withoutGit(one.url));
        config(one, `http.${origin()}.extraHeader`, `Authorization: Bearer ${one.token.secret}`);
      },
    ],
    [
      "token-in-helper",
      "a helper for the host, where a harmless rule leads to a URL without .git",
      (one) => {
        config(one, `url.${origin()}/.insteadOf`, "bb:");
        config(one, "remote.origin.url", `bb:acme/${one.slug}`);
        config(one, `credential.${origin()}.helper`, inlineHelper(one.token));
      },
    ],
    [
      "token-in-url",
      "a worktree's own URL",
      (one) => {
        config(one, "extensions.worktreeConfig", "true");
        config(one, "--worktree", "remote.origin.url", withToken(one.url, one.token));
        config(one, "--unset", "remote.origin.url");
      },
    ],
    [
      "token-in-header",
      "a worktree's own header",
      (one) => {
        config(one, "extensions.worktreeConfig", "true");
        config(one, "--worktree", "http.extraHeader", `Authorization: Bearer ${one.token.secret}`);
      },
    ],
  ];
  for (const [id, name, breakIt] of breakages) {
    it(`finds ${name}; git pushes after its fix, and it can be undone (${id})`, async () => {
      const one = byHand();
      const { local, token } = one;
      breakIt(one);
      const broken = textsOf(local);
      const examination = await check(local);
      assert.deepEqual(idsOf(examination), [id]);
      assertHides(examination, token);
      assert.match(previewAll(examination).join("\n"), /Moves the token to VS Code's secret storage.*→/s);
      const { undo, advice } = await repairOf(examination).apply(signal);
      assert.equal(advice?.fix.title, "Open token page");
      assert.deepEqual(filesHolding(join(local.root, ".git"), token.secret), []);
      await assertPushes(one);
      const healthy = await check(local);
      assert.deepEqual(idsOf(healthy), []);
      assert.match(healthyMessage(healthy), /Token: in VS Code's secret storage/);
      await undo();
      assert.deepEqual(textsOf(local), broken);
      assert.deepEqual(on.open.secrets.all(), {});
      assertNotStarted(token);
    });
  }

  function assertNotStarted(token: MadeToken): void {
    const told = started.join("\n");
    for (const spelling of spellings(token)) assert.ok(!told.includes(spelling), "in git's arguments");
  }

  it("leaves nothing of it in the records, and nothing comes back when it is disconnected", async () => {
    const one = byHand();
    const { local, token, url } = one;
    const before = configTextOf(local);
    config(one, "--add", `credential.${url}.helper`, inlineHelper(token));
    config(one, "http.extraHeader", `Authorization: Basic ${basic(token.secret)}`);
    config(one, `url.${withToken(`${origin()}/`, token)}.insteadOf`, "bb:");
    await assertPushes(one); // the hand-made way works
    const { examination, undo } = await repairAll(() => check(local), await check(local), signal);
    assert.deepEqual(idsOf(examination), []);
    const records = Object.entries(on.open.secrets.all()).filter(([key]) => !key.startsWith("token:"));
    assert.equal(records.length, 1);
    for (const spelling of spellings(token)) assert.ok(!JSON.stringify(records).includes(spelling));
    await undo();
    assert.deepEqual(idsOf(await check(local)).sort(), ids.slice().sort());
    await repairAll(() => check(local), await check(local), signal);
    const [connection] = await on.open.ports.connections.get(join(local.root, ".git"));
    assert.ok(connection);
    await disconnectRepository(on.open.ports, local, connection, false);
    assert.equal(
      configTextOf(local),
      `${before}[url "${origin()}/"]\n\tinsteadof = bb:\n`,
      "the rule stays without its token",
    );
    assert.deepEqual(filesHolding(on.stage.root, token.secret), []);
    assertNotStarted(token);
  });

  it("keeps the token of a helper for the URL's user, and knows the remote by its own name", async () => {
    const one = byHand();
    const { local, token, url, slug } = one;
    const named = withoutGit(url).replace("://", "://x-token-auth@");
    git(local.root, "remote", "rename", "origin", "bb");
    config(one, "remote.bb.url", named);
    config(one, `credential.${named.replace(/\/acme.*/, "")}.helper`, inlineHelper(token));
    await gitOnline(local.root, "ls-remote", "bb"); // the hand-made way works
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-helper", "user-name-in-url"]);
    await repairOf(examination).apply(signal);
    assert.deepEqual(idsOf(await check(local)), []);
    const [connection] = await on.open.ports.connections.get(join(local.root, ".git"));
    assert.equal(connection?.remote, "bb");
    assert.equal(
      (await on.open.ports.tokens.stored(on.stage.site, { workspace: "acme", slug }))?.secret,
      token.secret,
    );
    await gitOnline(local.root, "push", "-q", "bb", "main");
  });

  it("takes a helper for one user's URLs as not needed where the remote names no user", async () => {
    const one = byHand();
    const key = `credential.${origin().replace("://", "://x-token-auth@")}.helper`;
    config(one, key, inlineHelper(one.token));
    await assert.rejects(gitOnline(one.local.root, "ls-remote", "origin"), /could not read Username/);
    assert.match(previewAll(await check(one.local))[0] ?? "", /doesn't need the token here/);
  });

  it("leaves a URL with a token of its own to the clean-up of URLs", async () => {
    const one = byHand();
    const { local, token, url } = one;
    config(one, "remote.origin.url", withToken(withoutGit(url), token));
    config(one, `http.${origin()}.extraHeader`, `Authorization: Bearer ${token.secret}`);
    const examination = await check(local);
    const { fix } = examination.findings.find(({ id }) => id === "token-in-header") ?? {};
    assert.ok(fix?.kind === "repair");
    assert.doesNotMatch(fix.preview().join("\n"), /remote\.origin\.url/);
    const { examination: healthy } = await repairAll(() => check(local), examination, signal);
    assert.deepEqual(idsOf(healthy), []);
    assert.equal(config(one, "remote.origin.url"), url);
    await assertPushes(one);
  });

  it("cleans a submodule's token once, where its folder is reached by a link", async () => {
    const { local, token, url } = byHand();
    const upstream = createRepository(on.stage, "upstream", 1);
    const add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", upstream.root, "sub"];
    git(local.root, ...add);
    const link = join(on.stage.root, "linked");
    symlinkSync(local.root, link);
    const sub = new GitRepository(join(link, "sub"));
    git(sub.root, "config", "remote.origin.url", withToken(url, token));
    git(sub.root, "config", "http.extraHeader", `Authorization: Basic ${basic(token.secret)}`);
    const examination = await check(sub);
    assert.deepEqual(idsOf(examination).sort(), ["token-in-header", "token-in-url"]);
    assert.ok(previewAll(examination).join("\n").includes("../.git/modules/sub/config: http.extraheader"));
    const { examination: healthy } = await repairAll(() => check(sub), examination, signal);
    assert.deepEqual(idsOf(healthy), []);
    assert.deepEqual(filesHolding(on.stage.root, token.secret), ["secrets.json"]);
    const records = Object.entries(on.open.secrets.all()).filter(([key]) => !key.startsWith("token:"));
    for (const spelling of spellings(token)) assert.ok(!JSON.stringify(records).includes(spelling));
  });

  it("finds nothing in headers, rules and helpers without a token", async () => {
    const one = byHand();
    config(one, "http.extraHeader", "X-Trace: 1");
    config(one, `http.${origin()}.extraHeader`, "Authorization: Negotiate");
    config(one, "http.https://github.com/.extraHeader", `Authorization: Basic ${basic(one.token.secret)}`);
    config(one, "--add", "http.extraHeader", `Authorization: Bearer ${"a".repeat(40)}`);
    config(one, `url.${origin()}/.insteadOf`, "bb:");
    config(one, "url.https://ada:hunter2@github.com/.insteadOf", "gh:");
    config(one, "--add", "credential.helper", "store");
    for (const healthy of healthyHelpers) config(one, "--add", `credential.${origin()}.helper`, healthy);
    assert.deepEqual(idsOf(await check(one.local)), []);
  });

  it("tells of one in the person's own config with the file's name, and leaves the file as it is", async () => {
    const one = byHand();
    const { local, token } = one;
    const own = join(on.stage.home, ".gitconfig");
    const base = withToken(`${origin()}/`, token);
    git(
      local.root,
      "config",
      "--global",
      `http.${origin()}.extraHeader`,
      `Authorization: Bearer ${token.secret}`,
    );
    git(local.root, "config", "--global", `url.${base}.insteadOf`, `${origin()}/`);
    git(local.root, "config", "--global", `credential.${origin()}.helper`, inlineHelper(token));
    const text = readFileSync(own, "utf8");
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ids);
    for (const { message, fix } of examination.findings) {
      assert.ok(message.includes(own), message);
      assert.equal(fix, undefined);
    }
    assertHides(examination, token);
    assert.match(JSON.stringify(examination.facts), /in plain text in Git's config/);
    assert.equal(readFileSync(own, "utf8"), text);
  });

  it("takes out what Bitbucket refuses, and what git does not need here, without keeping it", async () => {
    const one = byHand();
    const { local, token, slug } = one;
    config(one, "http.extraHeader", `Authorization: Basic ${basic(token.secret)}`);
    config(one, `http.${origin()}/acme/another.extraHeader`, `Authorization: Bearer ${token.secret}`);
    on.bitbucket.revoke(token.name);
    const broken = configTextOf(local);
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-header", "token-refused"]);
    assert.match(previewAll(examination)[0] ?? "", /rejected the token/);
    const { undo, advice } = await repairOf(examination).apply(signal);
    assert.ok(advice?.fix.kind === "runCommand");
    assert.deepEqual(advice.fix.args, [{ folder: local.root, repository: `acme/${slug}` }]);
    assert.deepEqual(filesHolding(join(local.root, ".git"), token.secret), []);
    assert.deepEqual(idsOf(await check(local)), ["token-missing"]);
    await undo();
    assert.equal(configTextOf(local), broken);
    config(one, "--unset", "http.extraHeader");
    const unused = await check(local);
    assert.deepEqual(idsOf(unused), ["token-in-header", "token-missing"]);
    assert.match(previewAll(unused)[0] ?? "", /doesn't need the token here/);
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("changes nothing where it is cancelled, refused or has changed since", async () => {
    const one = byHand();
    const { local, token } = one;
    config(one, "http.extraHeader", `Authorization: Basic ${basic(token.secret)}`);
    const repair = repairOf(await check(local));
    const broken = configTextOf(local);
    await assert.rejects(repair.apply(AbortSignal.abort()));
    on.bitbucket.revoke(token.name);
    await assert.rejects(repair.apply(signal), /rejected the token/);
    assert.equal(configTextOf(local), broken);
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("undoes its own change alone where somebody has changed the file since", async () => {
    const one = byHand();
    const { local, token } = one;
    config(one, "http.extraHeader", `Authorization: Basic ${basic(token.secret)}`);
    const { undo } = await repairOf(await check(local)).apply(signal);
    config(one, "user.name", "Grace");
    await undo();
    assert.equal(config(one, "user.name"), "Grace");
    assert.equal(config(one, "http.extraHeader"), `Authorization: Basic ${basic(token.secret)}`);
    assertNotStarted(token);
  });

  it("blanks a header out of a comment, in a worktree's config too", async () => {
    const one = byHand();
    const { local, token } = one;
    config(one, "extensions.worktreeConfig", "true");
    const own = join(local.root, ".git", "config.worktree");
    writeFileSync(own, `# extraHeader = Authorization: Basic ${basic(token.secret)} # old\n`);
    appendFileSync(join(local.root, ".git", "config"), `; ${token.secret}\n`);
    const examination = await check(local);
    assert.deepEqual(idsOf(examination), ["token-in-comment", "token-in-comment", "token-missing"]);
    assertHides(examination, token);
    await repairAll(() => check(local), examination, signal);
    assert.equal(readFileSync(own, "utf8"), "# extraHeader = Authorization: Basic … # old\n");
    assert.deepEqual(filesHolding(join(local.root, ".git"), token.secret), []);
  });
});

describe("a helper that says a password itself", () => {
  const token = "q7".repeat(20); // nothing shows that it is one of Bitbucket's
  const cases: readonly (readonly [helper: string, userName: string])[] = [
    [`!f() { echo username=ada; echo password=${token}; }; f`, "ada"],
    [`!f() { echo "password=${token}"; }; f`, ""],
    [`!printf "username=ada\\npassword=${token}\\n"`, "ada"],
    [`!printf 'protocol=https\\npassword=${token}\\nusername=ada'`, "ada"],
    [`!printf "password=%s\\nusername=ada" ATCTT3x${token}`, "ada"],
  ];
  for (const [helper, userName] of cases) {
    it(`is found in ${helper.replaceAll(token, "…")}`, () => {
      const secret = helper.includes("ATCTT3x") ? `ATCTT3x${token}` : token;
      assert.deepEqual(readHelper(helper), { token: { secret }, userName });
    });
  }

  it("is told from one that asks another program", () => {
    for (const helper of healthyHelpers) assert.equal(readHelper(helper), undefined, helper);
  });
});

const healthyHelpers: readonly string[] = [
  '!f() { echo "password=$TOKEN"; }; f',
  "!f() { echo password=$(pass show git); }; f",
  "!f() { echo password=`pass show git/bitbucket.org`; }; f",
  '!f() { printf "password=%s\\n" "$(cat ~/.token)"; }; f',
  "!f() { op read op://v/bb/token | sed 's/^/password=/'; }; f",
  "!python3 -c 'import keyring; print(f\"password={keyring.get_password(1,2)}\")'",
  "!vault-helper --password=bitbucket-payments-token",
  "!cmd /c echo password=%BITBUCKET_API_TOKEN%",
  "!f() { echo password=prefix-of-it-$(pass show git); }; f",
];

const ids: readonly FindingId[] = ["token-in-header", "token-in-rewrite", "token-in-helper"];

function configTextOf({ root }: GitRepository): string {
  return readFileSync(join(root, ".git", "config"), "utf8");
}

function withoutGit(url: string): string {
  return url.replace(/\.git$/, "");
}

function basic(secret: string): string {
  return Buffer.from(`x-token-auth:${secret}`).toString("base64");
}

function inlineHelper({ secret }: MadeToken): string {
  return `!f() { echo username=x-token-auth; echo "password=${secret}"; }; f`;
}
