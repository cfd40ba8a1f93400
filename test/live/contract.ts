import assert from "node:assert/strict";
import { BitbucketClient, type PresentedToken } from "../../src/bitbucket/client";
import { readAdvertisement } from "../../src/bitbucket/gitAdvertisement";
import { createSend } from "../../src/bitbucket/http";
import { RepositoryListClient } from "../../src/bitbucket/repositoryListClient";
import { fullName, type BitbucketSite, type RepositoryName } from "../../src/bitbucket/site";

/** A Bitbucket with a repository that has commits, and a token that reads it. */
export interface Door {
  readonly site: BitbucketSite;
  readonly repository: RepositoryName;
  readonly token: PresentedToken;
}

/**
 * What the product takes for granted of Bitbucket: the same for the real one and the embedded one, so that the
 * likeness can be checked any day. Nothing changes on the server.
 */
export function describeContract(openDoor: () => Promise<Door>): void {
  const send = createSend(() => undefined);
  const { signal } = new AbortController();
  let door: Door;
  before(async () => {
    door = await openDoor();
  });

  const verify = (repository: RepositoryName, token: PresentedToken) =>
    new BitbucketClient(door.site, send).verifyToken(repository, token, signal);
  const lists = (token: PresentedToken) =>
    new RepositoryListClient({ site: door.site, send, token, storedFor: door.repository });
  const advertised = (secret: string, kind: "repository" | "api") =>
    readAdvertisement(send, {
      site: door.site,
      repository: door.repository,
      kind,
      secret,
      scopes: [],
      service: "git-upload-pack",
      signal,
    });

  it("names the repository as it spells it, the token's kind and its scopes", async () => {
    const verified = await verify(door.repository, door.token);
    assert.equal(fullName(verified.repository).toLowerCase(), fullName(door.repository).toLowerCase());
    assert.ok(
      verified.scopes.some((scope) => /repository/.test(scope)),
      verified.scopes.join(),
    );
    assert.match(verified.kind, /^(repository|project|workspace|api)$/);
  });

  it("opens git's door to the token", async () => {
    const { kind } = await verify(door.repository, door.token);
    await advertised(door.token.secret, kind === "api" ? "api" : "repository");
  });

  it("refuses a token that is none, in both doors", async () => {
    const secret = `${door.token.secret.slice(0, -6)}AAAAAA`;
    await assert.rejects(verify(door.repository, { ...door.token, secret }), { code: "TokenRejected" });
    await assert.rejects(advertised(secret, "repository"), { code: "TokenRejected" });
  });

  it("does not tell whether there is a repository that the token can't see", async () => {
    const slug = "there-is-no-such-repository-0f3a";
    await assert.rejects(
      verify({ ...door.repository, slug }, door.token),
      (error: Error & { code?: string }) =>
        ["RepositoryNotFound", "WrongRepository", "TokenLacksScope"].includes(error.code ?? ""),
    );
  });

  it("describes the repository as the picker shows it, with its branches", async () => {
    const found = await lists(door.token).repository(door.repository, signal);
    assert.equal(fullName(found).toLowerCase(), fullName(door.repository).toLowerCase());
    const branches = await lists(door.token).branches(door.repository, signal);
    assert.ok(branches.includes(found.mainBranch ?? ""), branches.join());
  });
}
