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

  for (const [how, change] of [
    ["at once", () => wsl.saveUndoably(site, payments, newer)],
    ["after a restart", () => changeDurably(newer)],
    ["having forgotten it", () => changeDurably(undefined)],
  ] as const) {
    it(`is as before where one takes its change back ${how}`, async () => {
      await laptop.save(site, payments, token);
      const before = new Map(secrets);
      const takeBack = await change();
      assert.notDeepEqual(secrets, before);
      await takeBack();
      assert.deepEqual(secrets, before);
      assert.deepEqual(await wsl.repositories(site), []);
    });

    it(`stays where it has been saved anew since one changed it, which is taken back ${how}`, async () => {
      await laptop.save(site, payments, token);
      const takeBack = await change();
      await laptop.save(site, payments, { ...token, savedAt: "2026-11-26" });
      const after = secrets.get("token:https://bitbucket.org/acme/payments");
      await takeBack();
      assert.deepEqual([...secrets.values()], [after]);
    });
  }

  async function changeDurably(value: StoredToken | undefined) {
    await wsl.changeDurably("id", site, payments, value);
    return async () => {
      await (await wsl.findChange("id", site, payments))?.takeBack();
      await wsl.dropChange("id");
    };
  }

  it("is not taken back by an id that nobody wrote down, or for another repository", async () => {
    await wsl.changeDurably("id", site, payments, token);
    assert.equal(await wsl.findChange("another", site, payments), undefined);
    assert.equal(await wsl.findChange("id", site, { ...payments, slug: "ledger" }), undefined);
  });

  it("is told of one machine's name, however many windows ask for it first", async () => {
    const storage = join(root, "new");
    const ids = await Promise.all(Array.from({ length: 20 }, () => readHostId(storage)));
    assert.match(ids[0] ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual([...new Set(ids)], [await readHostId(storage)]);
  });
});
