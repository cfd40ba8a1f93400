import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderIndex } from "../../src/credentials/folderIndex";
import { readHostId } from "../../src/credentials/hostId";
import { TokenStore, type StoredToken } from "../../src/credentials/tokenStore";
import { toSite } from "../../src/bitbucket/site";

const site = toSite("https://bitbucket.org", "https://api.bitbucket.org/2.0");
const payments = { workspace: "acme", slug: "payments" };
const token: StoredToken = { secret: "a".repeat(40), kind: "repository", scopes: [], savedAt: "2026-11-25" };
const newer: StoredToken = { ...token, secret: "b".repeat(40) };

/** A window on the laptop, one on WSL and one in a container have one SecretStorage: that of the editor. */
describe("a token, on the machines of one editor,", () => {
  let root: string;
  let secrets: Map<string, string>;
  let laptop: TokenStore;
  let wsl: TokenStore;
  let container: TokenStore;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "shared-secrets-"));
    secrets = new Map();
    [laptop, wsl] = [windowOn("laptop"), windowOn("wsl")];
    container = windowOn("container", "is short-lived");
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  function windowOn(name: string, isShortLived?: "is short-lived") {
    const storage = join(root, name);
    return new TokenStore(
      {
        get: (key) => Promise.resolve(secrets.get(key)),
        store: (key, value) => Promise.resolve(void secrets.set(key, value)),
        delete: (key) => Promise.resolve(void secrets.delete(key)),
      },
      new FolderIndex(join(storage, "tokens")),
      undefined,
      isShortLived ? undefined : () => readHostId(storage),
    );
  }

  it("stays for one when another lets it go, and goes with the last", async () => {
    await laptop.save(site, payments, token);
    await wsl.save(site, payments, token);
    await wsl.release(site, payments);
    assert.deepEqual(await laptop.stored(site, payments), token);
    assert.equal(await laptop.isLost(site, payments), false);
    assert.deepEqual(await wsl.repositories(site), []);
    await laptop.release(site, payments);
    assert.equal(secrets.size, 0);
  });

  it("is the new one for all of them once one replaces it", async () => {
    await laptop.save(site, payments, token);
    await wsl.save(site, payments, newer);
    await wsl.release(site, payments);
    assert.deepEqual(await laptop.stored(site, payments), newer);
  });

  it("goes for all of them where a person forgets it", async () => {
    await laptop.save(site, payments, token);
    await wsl.save(site, payments, token);
    await wsl.forget(site, payments);
    assert.equal(secrets.size, 0);
    assert.equal(await laptop.isLost(site, payments), true);
  });

  it("is not held by a container, which may be gone tomorrow", async () => {
    await container.save(site, payments, token);
    await laptop.save(site, payments, token);
    await container.release(site, payments);
    assert.deepEqual(await laptop.stored(site, payments), token);
    await container.save(site, payments, token);
    await laptop.release(site, payments);
    assert.equal(secrets.size, 0);
  });

  for (const [how, undo] of [
    ["by what was remembered", () => wsl.remember(site, payments)],
    ["by the one kept beside it", keepBeside],
  ] as const) {
    it(`is as before where one takes its change back ${how}`, async () => {
      await laptop.save(site, payments, token);
      const before = new Map(secrets);
      const takeBack = await undo();
      await wsl.save(site, payments, newer);
      await takeBack();
      assert.deepEqual(secrets, before);
      assert.deepEqual(await wsl.repositories(site), []);
    });
  }

  async function keepBeside() {
    await wsl.keepPrevious(site, payments);
    return async () => {
      await wsl.restorePrevious(site, payments);
      await wsl.dropPrevious(site, payments);
    };
  }

  it("is told of one machine's name, however many windows ask for it first", async () => {
    const storage = join(root, "new");
    const ids = await Promise.all(Array.from({ length: 20 }, () => readHostId(storage)));
    assert.match(ids[0] ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual([...new Set(ids)], [await readHostId(storage)]);
  });
});
