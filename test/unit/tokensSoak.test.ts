import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BitbucketClient } from "../../src/bitbucket/client";
import type { HttpAnswer, Send } from "../../src/bitbucket/http";
import { disconnectRepository } from "../../src/flows/connect/disconnectRepository";
import type { Ports } from "../../src/flows/ports";
import { replaceToken } from "../../src/flows/tokens/replaceToken";
import type { GitAccess } from "../../src/protocol/formMessages";
import { startBitbucket, type Bitbucket, type MadeToken } from "../bitbucket/startBitbucket";
import { isThorough } from "../extent.mjs";
import { addOwnHelper, configText, filesHolding, gitOnline } from "./support/connectStage";
import type { GitRepository } from "./support/gitRepository";
import { TokenDesk } from "./support/tokenDesk";

const signal = new AbortController().signal;

/** Replaces, each fourth followed by a forget. Where git is told of each token, a round takes a few processes. */
const rounds: Readonly<Record<GitAccess, number>> = {
  vscode: 1000,
  credentialHelper: isThorough ? 1000 : 4,
  remoteUrl: isThorough ? 1000 : 4,
};

describe("replacing and forgetting tokens a thousand times", () => {
  let bitbucket: Bitbucket;
  let desk: TokenDesk;
  let tokens: readonly MadeToken[];

  before(async () => {
    bitbucket = await startBitbucket();
  });
  after(() => bitbucket.close());
  beforeEach(() => {
    desk = new TokenDesk(bitbucket);
    tokens = Array.from({ length: 20 }, () => desk.addToken("workspace", "any"));
  });
  afterEach(() => desk.close());

  for (const gitAccess of ["vscode", "credentialHelper", "remoteUrl"] as const) {
    it(`leaves nothing behind (${gitAccess}, ${rounds[gitAccess]} rounds)`, async function () {
      this.timeout(isThorough ? 1_200_000 : 60_000);
      const own = addOwnHelper(desk.stage);
      const connected = await desk.connected(gitAccess);
      const { local, repository, token, before } = connected;
      await desk.forget(token.secret);
      const ports = askingOnce(desk.open.ports);
      const forgotten = settled(local);
      let handles: number | undefined;
      for (let round = 0; round < rounds[gitAccess]; round++) {
        const next = tokens[round % tokens.length];
        assert.ok(next);
        await replaceToken(ports, { repository, token: next, expires: undefined }, signal);
        if (round % 4 !== 3) continue;
        await desk.forget(next.secret);
        handles ??= openHandles();
        if (round % 100 === 3) assert.deepEqual(settled(local), forgotten);
      }
      assert.deepEqual(await desk.describeAll(), []);
      assert.deepEqual(settled(local), forgotten);
      assert.ok(openHandles() <= (handles ?? 0) + 2, `${handles} handles became ${openHandles()}`);
      if (existsSync(own.file)) assert.equal(readFileSync(own.file, "utf8"), "");
      for (const { secret } of [token, ...tokens])
        assert.deepEqual(filesHolding(desk.stage.root, secret), []);

      const [last] = tokens;
      assert.ok(last);
      await replaceToken(desk.open.ports, { repository, token: last, expires: undefined }, signal);
      await gitOnline(local.root, "fetch", "-q"); // it still works
      const [connection] = await desk.open.ports.connections.get(join(local.root, ".git"));
      assert.ok(connection);
      await disconnectRepository(desk.open.ports, local, connection, false);
      assert.equal(configText(local), before);
      assert.deepEqual(desk.open.secrets.all(), {});
      assert.deepEqual(indexed("tokens").concat(indexed("connections")), []);
    });
  }

  /** Everything that a round may leave something in: secrets, index, git folder. */
  function settled(local: GitRepository) {
    return {
      secrets: Object.keys(desk.open.secrets.all()).sort(),
      index: [...indexed("tokens"), ...indexed("connections")],
      storage: readdirSync(desk.stage.storageDir).sort(),
      config: configText(local),
      git: readdirSync(join(local.root, ".git")).sort(),
    };
  }

  function indexed(name: string): string[] {
    const folder = join(desk.stage.storageDir, name);
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }
});

/** Bitbucket is asked about each token once: what is kept here is what is of interest. */
function askingOnce(ports: Ports): Ports {
  const answers = new Map<string, HttpAnswer>();
  const send: Send = async (request) => {
    const key = `${request.url} ${request.authorization}`;
    const answer = answers.get(key) ?? (await ports.send(request));
    answers.set(key, answer);
    return answer;
  };
  return { ...ports, send, client: new BitbucketClient(ports.site, send) };
}

/** Files, sockets, pipes, processes and timers that keep this process busy. */
function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => name !== "Immediate").length;
}
