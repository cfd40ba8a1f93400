import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { checkConnection, repairAll, type Examination } from "../../src/flows/check/checkConnection";
import { changeConnected } from "../../src/flows/check/configChange";
import type { FindingId, Repair } from "../../src/flows/check/finding";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import type { ConnectRequest } from "../../src/flows/connect/connectRequest";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { replaceToken } from "../../src/flows/tokens/replaceToken";
import { configFileOf } from "../../src/git/gitConfigFile";
import { previewAll } from "../../src/ui/check/findings";
import type { MadeToken } from "../bitbucket/startBitbucket";
import { configText, connectRequest, createRepository, filesHolding, git } from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { onStage } from "./support/onStage";

interface Local {
  readonly local: GitRepository;
  readonly repository: { readonly workspace: string; readonly slug: string };
  readonly token: MadeToken;
  readonly url: string;
}

describe("what a check's repair leaves when it is undone", () => {
  /** Which write of a connection's record fails, counted from 0. */
  let failsAt: number;
  let count = 0;
  const signal = new AbortController().signal;
  const on = onStage({
    at: (action) => {
      if (action === "store connection" && failsAt-- === 0) throw new Error("failed on purpose");
    },
  });
  beforeEach(() => {
    failsAt = Infinity;
  });

  function create(): Local {
    const slug = `draft-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const local = createRepository(on.stage, slug, 1);
    const url = `${on.bitbucket.webUrl}/acme/${slug}.git`;
    return { local, repository: { workspace: "acme", slug }, token: on.addToken(slug), url };
  }

  async function connect(one: Local, changes: Partial<ConnectRequest> = {}): Promise<void> {
    const { local, repository, token } = one;
    const request = connectRequest({ repository, token, branch: undefined, ...changes });
    await connectRepository(on.open.ports, local, request, () => undefined, signal);
  }

  async function disconnect({ local }: Local): Promise<void> {
    const [connection] = await records(local);
    assert.ok(connection);
    await disconnectRepository(on.open.ports, local, connection, false);
  }

  const records = ({ root }: GitRepository) => on.open.ports.connections.get(join(root, ".git"));
  const stored = async ({ repository }: Local) =>
    (await on.open.ports.tokens.stored(on.stage.site, repository))?.secret;
  const allKept = async (one: Local) => [await records(one.local), await stored(one)];
  const check = ({ local }: Local) =>
    checkConnection(on.open.ports, local, { reminderDays: 14, clock: Date.now, signal });

  function repairOf({ findings }: Examination, id: FindingId): Repair {
    const fix = findings.find((one) => one.id === id)?.fix;
    assert.ok(fix?.kind === "repair", `expected a repair of ${id}`);
    return fix;
  }

  const fix = async (one: Local, id: FindingId) => repairOf(await check(one), id).apply(signal);
  const withToken = ({ url }: Local, { secret }: MadeToken) =>
    url.replace("://", `://x-token-auth:${encodeURIComponent(secret)}@`);
  const addLine = ({ local }: Local, line: string) => {
    appendFileSync(join(local.root, ".git", "config"), `${line}\n`);
  };
  const addHeader = ({ local }: Local, { secret }: MadeToken, url = new URL(on.bitbucket.webUrl).origin) =>
    git(local.root, "config", `http.${url}.extraHeader`, `Authorization: Bearer ${secret}`);
  /** git needs no header here for a repository that no remote names. */
  const addIdleHeader = (one: Local) => addHeader(one, one.token, `${on.bitbucket.webUrl}/acme/another`);
  const unneeded = (text: string) => text.replace(/\[http[^[]*/, "");

  const isReplaced = (error: unknown) =>
    error instanceof UserError && /replaced or removed since/.test(error.message);

  it("shows of a line with a token in its comment the comment alone (P13)", async () => {
    const one = create();
    const [live, old] = [on.addToken(one.repository.slug), on.addToken(one.repository.slug)];
    const basic = Buffer.from(`x-token-auth:${live.secret}`).toString("base64");
    addLine(one, `[remote "origin"]\n\turl = ${withToken(one, live)} # was ${withToken(one, old)}`);
    addLine(one, `[http]\n\textraheader = Authorization: Basic ${basic} # ${old.secret} for CI`);
    addLine(one, `; https://ada:hunter2@example.com/a.git, Authorization: Bearer ghp_1234567 ${old.secret}`);
    const shown = previewAll(await check(one)).join("\n");
    const secrets = [live.secret, old.secret].flatMap((secret) => [secret, encodeURIComponent(secret)]);
    for (const secret of [...secrets, basic, "hunter2", "ghp_1234567"])
      assert.ok(!shown.includes(secret), shown);
    assert.ok(shown.includes(`: # was ${one.url}\n`), shown);
    assert.ok(shown.includes(": # … for CI\n"), shown);
  });

  it("leaves no token behind in the record of a connect that came before its comment was blanked", async () => {
    const one = create();
    const { local } = one;
    const old = on.addToken(one.repository.slug);
    addLine(one, `# ${old.secret}`);
    const first = configText(local);
    await connect(one);
    const connected = configText(local);
    const { undo } = await fix(one, "token-in-comment");
    await undo();
    assert.equal(configText(local), connected);
    assert.equal((await records(local))[0]?.text, first);
    await fix(one, "token-in-comment");
    await disconnect(one);
    assert.deepEqual(filesHolding(join(local.root, ".git"), old.secret), []);
    assert.equal(configText(local), first.replace(old.secret, "…"));
  });

  it("takes a comment's blanking back where a later repair has changed the record", async () => {
    const one = create();
    const { local, token } = one;
    addLine(one, `# ${token.secret}`);
    addIdleHeader(one);
    const first = configText(local);
    await connect(one);
    const { undo } = await fix(one, "token-in-comment");
    await fix(one, "token-in-header");
    await undo();
    await disconnect(one);
    assert.equal(configText(local), unneeded(first));
  });

  it("brings no comment back with an earlier repair that is undone after its blanking", async () => {
    const one = create();
    const { local } = one;
    const old = on.addToken(one.repository.slug);
    addLine(one, `# ${old.secret}`);
    addIdleHeader(one);
    await connect(one);
    const { undo } = await fix(one, "token-in-header");
    await fix(one, "token-in-comment");
    await undo();
    await disconnect(one);
    assert.deepEqual(filesHolding(join(local.root, ".git"), old.secret), []);
    assert.ok(git(local.root, "config", "--local", "--list").includes("/acme/another.extraheader="));
  });

  it("blanks no comment where the record can't follow", async () => {
    const one = create();
    const { local, token } = one;
    addLine(one, `# ${token.secret}`);
    await connect(one);
    const connected = configText(local);
    const repair = repairOf(await check(one), "token-in-comment");
    failsAt = 0;
    await assert.rejects(repair.apply(signal), /on purpose/);
    assert.equal(configText(local), connected);
  });

  const places: readonly (readonly [FindingId, (one: Local) => unknown])[] = [
    ["token-in-url", (one) => git(one.local.root, "remote", "add", "origin", withToken(one, one.token))],
    [
      "token-in-header",
      (one) => {
        git(one.local.root, "remote", "add", "origin", one.url);
        addHeader(one, one.token);
      },
    ],
  ];
  for (const [id, breakIt] of places) {
    it(`keeps the token that has replaced the one moved, and the file clean (${id})`, async () => {
      const one = create();
      const { local, repository, token } = one;
      breakIt(one);
      const { undo } = await fix(one, id);
      const clean = configText(local);
      const next = on.addToken(repository.slug);
      await replaceToken(on.open.ports, { repository, token: next, expires: undefined }, signal);
      await assert.rejects(undo(), isReplaced);
      assert.equal(await stored(one), next.secret);
      assert.equal(configText(local), clean);
      await disconnect(one);
      const left = configText(local);
      await assert.rejects(undo(), isReplaced);
      assert.equal(configText(local), left);
      assert.deepEqual(filesHolding(on.stage.root, token.secret), []);
    });
  }

  it("undoes two repairs that kept a token each for one repository", async () => {
    const one = create();
    const { local } = one;
    const other = on.addToken(one.repository.slug);
    git(local.root, "remote", "add", "origin", withToken(one, one.token));
    addHeader(one, other);
    const dirty = configText(local);
    const { undo } = await repairAll(() => check(one), await check(one), signal);
    assert.notEqual(configText(local), dirty);
    await undo();
    assert.equal(configText(local), dirty);
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("loses no token of a header, whichever write of the record fails", async () => {
    const one = create();
    const { local } = one;
    const header = on.addToken(one.repository.slug);
    addHeader(one, header);
    // It can do more than the one that is kept, and takes its place.
    await connect(one, { token: on.addToken(one.repository.slug, ["repository"]) });
    const dirty = configText(local);
    const kept = await allKept(one);
    const repair = repairOf(await check(one), "token-in-header");
    let failed = 0;
    for (let isDone = false; !isDone;) {
      failsAt = failed;
      isDone = await repair.apply(signal).then(
        () => true,
        () => false,
      );
      failsAt = Infinity;
      if (isDone) break;
      failed++;
      assert.equal(configText(local), dirty, `changed after ${failed}`);
      assert.deepEqual(await allKept(one), kept, `other secrets after ${failed}`);
    }
    assert.equal(await stored(one), header.secret);
    assert.ok(failed > 2, String(failed));
  });

  it("brings back no connection that has ended since", async () => {
    const one = create();
    const { local } = one;
    addIdleHeader(one);
    const first = git(local.root, "config", "--local", "--list");
    await connect(one);
    const { undo } = await fix(one, "token-in-header");
    await disconnect(one);
    await undo();
    assert.equal(git(local.root, "config", "--local", "--list"), first);
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("leaves what the record has learnt since, so that disconnecting takes the new URL out", async () => {
    const one = create();
    const { local, repository } = one;
    addIdleHeader(one);
    const first = configText(local);
    await connect(one, { gitAccess: "remoteUrl" });
    const { undo } = await fix(one, "token-in-header");
    const next = on.addToken(repository.slug);
    await replaceToken(on.open.ports, { repository, token: next, expires: undefined }, signal);
    await undo();
    await disconnect(one);
    assert.equal(configText(local), first);
  });

  async function setEmail({ local }: Local, email: string) {
    const configFile = configFileOf(join(local.root, ".git"), on.open.ports.openGit);
    const edit = { key: "user.email", before: ["ada@work.example"], after: [email] };
    return changeConnected(on.open.ports, join(local.root, ".git"), configFile, [edit]);
  }

  it("does so where it has changed keys, and brings back no connection then", async () => {
    const one = create();
    const { local, repository } = one;
    const first = configText(local);
    await connect(one, { gitAccess: "remoteUrl", email: "ada@work.example" });
    const connected = configText(local);
    const edits = (await records(local))[0]?.edits;
    const undoFirst = await setEmail(one, "ada@home.example");
    await undoFirst();
    assert.equal(configText(local), connected);
    assert.deepEqual((await records(local))[0]?.edits, edits);
    const undo = await setEmail(one, "ada@home.example");
    const next = on.addToken(repository.slug);
    await replaceToken(on.open.ports, { repository, token: next, expires: undefined }, signal);
    await undo();
    await disconnect(one);
    assert.equal(configText(local), first);
    await undo();
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("sets no key where the record can't follow", async () => {
    const one = create();
    await connect(one, { email: "ada@work.example" });
    const connected = configText(one.local);
    failsAt = 0;
    await assert.rejects(setEmail(one, "ada@home.example"), /on purpose/);
    assert.equal(configText(one.local), connected);
  });
});
