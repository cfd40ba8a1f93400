import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { replaceToken } from "../../src/flows/tokens/replaceToken";
import type { GitAccess } from "../../src/protocol/formMessages";
import {
  addOwnHelper,
  configText,
  connectRequest,
  createRepository,
  git,
  gitOnline,
} from "./support/connectStage";
import { onStage, writing } from "./support/onStage";

describe("replacing a token", () => {
  let refused: string[];
  const signal = new AbortController().signal;
  const on = onStage({ onRefused: ({ workspace, slug }) => refused.push(`${workspace}/${slug}`) });
  beforeEach(() => {
    refused = [];
  });
  let count = 0;
  async function connected(
    gitAccess: GitAccess,
    kind: "repository" | "workspace" = "repository",
    secret?: string,
  ) {
    const slug = `ledger-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const token = secret === undefined ? addToken(kind, slug) : { name: "", secret };
    const local = createRepository(on.stage, slug);
    const before = configText(local);
    const request = connectRequest({ repository: { workspace: "acme", slug }, token, gitAccess });
    await connectRepository(on.open.ports, local, request, () => undefined, signal);
    return { slug, local, token, before, repository: { workspace: "acme", slug } };
  }

  function addToken(kind: "repository" | "workspace", slug: string) {
    if (kind === "repository") return on.addToken(slug);
    const name = `${slug}-${kind}-${++count}`;
    return on.bitbucket.addToken({ kind, workspace: "acme", scopes: writing, name });
  }

  for (const gitAccess of ["vscode", "credentialHelper", "remoteUrl"] as const) {
    it(`lets git go on with the new one, and disconnects as before (${gitAccess})`, async () => {
      const own = addOwnHelper(on.stage);
      const { slug, local, token, before, repository } = await connected(gitAccess);
      const next = addToken("repository", slug);
      await replaceToken(on.open.ports, { repository, token: next, expires: "2027-05-31" }, signal);
      on.bitbucket.revoke(token.name);
      git(local.root, "commit", "-q", "--allow-empty", "-m", "After");
      await gitOnline(local.root, "push", "-q");
      if (gitAccess === "credentialHelper")
        assert.ok(!readFileSync(own.file, "utf8").includes(encodeURIComponent(token.secret)));
      const [connection] = await on.open.ports.connections.get(join(local.root, ".git"));
      assert.ok(connection);
      await disconnectRepository(on.open.ports, local, connection, false);
      assert.equal(configText(local), before);
    });
  }

  it("swaps it in every repository that the old one served", async () => {
    const first = await connected("vscode", "workspace");
    const second = await connected("vscode", "workspace", first.token.secret);
    const next = addToken("workspace", "any");
    const outcome = await replaceToken(
      on.open.ports,
      { repository: first.repository, token: next, expires: undefined },
      signal,
    );
    assert.deepEqual(outcome, { replaced: [`acme/${first.slug}`, `acme/${second.slug}`], left: [] });
    on.bitbucket.revoke(first.token.name);
    for (const { local } of [first, second]) await gitOnline(local.root, "fetch", "-q");
  });

  it("leaves the old one where the new one doesn't reach, and replaces it for the others", async () => {
    const first = await connected("vscode", "workspace");
    const second = await connected("vscode", "workspace", first.token.secret);
    const narrow = addToken("repository", first.slug);
    const { repository } = first;
    const outcome = await replaceToken(
      on.open.ports,
      { repository, token: narrow, expires: undefined },
      signal,
    );
    assert.deepEqual(outcome, { replaced: [`acme/${first.slug}`], left: [`acme/${second.slug}`] });
    on.bitbucket.revoke(first.token.name);
    await gitOnline(first.local.root, "fetch", "-q");
    assert.equal(
      (await on.open.ports.tokens.stored(on.stage.site, second.repository))?.secret,
      first.token.secret,
    );
  });

  it("finishes at the next try what a locked config kept it from", async () => {
    const first = await connected("remoteUrl", "workspace");
    const second = await connected("remoteUrl", "workspace", first.token.secret);
    const next = addToken("workspace", "any");
    for (const locked of [second, first]) {
      const lock = join(locked.local.root, ".git", "config.lock");
      writeFileSync(lock, "");
      const request = { repository: first.repository, token: next, expires: undefined };
      await assert.rejects(replaceToken(on.open.ports, request, signal));
      rmSync(lock);
    }
    const request = { repository: first.repository, token: next, expires: undefined };
    const { left } = await replaceToken(on.open.ports, request, signal);
    assert.deepEqual(left, []);
    on.bitbucket.revoke(first.token.name);
    for (const { local } of [first, second]) await gitOnline(local.root, "fetch", "-q");
  });

  it("replaces nothing where Bitbucket falls silent on the way", async () => {
    const first = await connected("vscode", "workspace");
    const second = await connected("vscode", "workspace", first.token.secret);
    const next = addToken("workspace", "any");
    on.bitbucket.faults.add({ kind: "reset", match: { path: new RegExp(second.slug) } });
    const { repository } = first;
    await assert.rejects(
      replaceToken(on.open.ports, { repository, token: next, expires: undefined }, signal),
    );
    for (const one of [first, second])
      assert.equal(
        (await on.open.ports.tokens.stored(on.stage.site, one.repository))?.secret,
        first.token.secret,
      );
  });

  it("keeps the old one where the new one can't do the same", async () => {
    const { slug, local, repository } = await connected("vscode");
    const weak = on.addToken(slug, ["repository"]);
    await assert.rejects(
      replaceToken(on.open.ports, { repository, token: weak, expires: undefined }, signal),
      (error) => error instanceof UserError && error.code === "TokenLacksScope",
    );
    git(local.root, "commit", "-q", "--allow-empty", "-m", "Still");
    await gitOnline(local.root, "push", "-q");
  });

  it("is asked for when git's token is refused, and only while that is the kept one (P17)", async () => {
    const { slug, local, token, repository } = await connected("vscode");
    on.bitbucket.revoke(token.name);
    const failures = Array.from({ length: 5 }, () =>
      gitOnline(local.root, "fetch", "-q").then(
        () => "ok",
        () => "failed",
      ),
    );
    assert.deepEqual(new Set(await Promise.all(failures)), new Set(["failed"]));
    assert.ok(refused.length > 0);
    assert.deepEqual(new Set(refused), new Set([`acme/${slug}`]));
    await replaceToken(
      on.open.ports,
      { repository, token: addToken("repository", slug), expires: undefined },
      signal,
    );
    refused.length = 0;
    writeFileSync(join(local.root, "new.txt"), "new");
    git(local.root, "add", ".");
    git(local.root, "commit", "-qm", "New");
    await gitOnline(local.root, "push", "-q");
    assert.deepEqual(refused, []);
  });
});
