import assert from "node:assert/strict";
import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import { findConnections } from "../../src/flows/connect/movedConnection";
import { configText, connectRequest, createRepository, git } from "./support/connectStage";
import { GitRepository } from "./support/gitRepository";
import { onStage } from "./support/onStage";

describe("a connected repository whose folder", () => {
  const on = onStage();
  const signal = new AbortController().signal;
  let local: GitRepository;
  let elsewhere: string;
  let before: string;
  let count = 0;

  beforeEach(async () => {
    const slug = `payments-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    const { secret } = on.addToken(slug);
    local = createRepository(on.stage, slug);
    elsewhere = `${local.root}-2`;
    before = configText(local);
    const repository = { workspace: "acme", slug };
    const request = connectRequest({ repository, token: { secret }, email: "code@bots.bitbucket.org" });
    await connectRepository(on.open.ports, local, request, () => undefined, signal);
  });

  const gitDir = (root: string) => join(root, ".git");
  const folders = async () => (await on.open.ports.connections.list()).map(({ commonDir }) => commonDir);

  it("was renamed is disconnected as before", async () => {
    renameSync(local.root, elsewhere);
    const moved = new GitRepository(elsewhere);
    const [connection] = await findConnections(on.open.ports, gitDir(elsewhere));
    assert.ok(connection);
    assert.deepEqual(await folders(), [gitDir(elsewhere)]);
    await disconnectRepository(on.open.ports, moved, connection, false);
    assert.equal(configText(moved), before);
    assert.deepEqual(on.open.secrets.all(), {});
  });

  it("was copied keeps its record, and the copy gets none", async () => {
    cpSync(local.root, elsewhere, { recursive: true });
    assert.deepEqual(await findConnections(on.open.ports, gitDir(elsewhere)), []);
    assert.deepEqual(await folders(), [gitDir(local.root)]);
  });

  it("is gone leaves its record to no other repository", async () => {
    const other = createRepository(on.stage, "other");
    git(other.root, "remote", "add", "origin", git(local.root, "remote", "get-url", "origin"));
    renameSync(local.root, elsewhere);
    assert.deepEqual(await findConnections(on.open.ports, gitDir(other.root)), []);
    assert.deepEqual(await folders(), [gitDir(local.root)]);
  });
});
