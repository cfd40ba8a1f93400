import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderIndex } from "../../src/credentials/folderIndex";
import { TokenStore } from "../../src/credentials/tokenStore";
import { daysLeft, takeReminder, type ReminderMemory } from "../../src/flows/tokens/expiryReminder";
import { reminderMessage } from "../../src/ui/tokens/tokenManagerWords";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const payments = { workspace: "acme", slug: "payments" };
const ledger = { workspace: "acme", slug: "ledger" };
const noon = Date.parse("2026-11-24T12:00:00Z");
const dayMs = 86_400_000;

/** Like the editor's: a value is there as soon as it is set, and outlives a restart as JSON. */
class FakeMemory implements ReminderMemory {
  private text: string;
  constructor(earlier?: FakeMemory) {
    this.text = earlier?.text ?? "{}";
  }
  get(key: string): unknown {
    return (JSON.parse(this.text) as Record<string, unknown>)[key];
  }
  update(key: string, value: unknown): Promise<void> {
    this.text = JSON.stringify({ ...(JSON.parse(this.text) as object), [key]: value });
    return Promise.resolve();
  }
  all(): string {
    return this.text;
  }
}

describe("the reminder of a token's last day", () => {
  let root: string;
  let tokens: TokenStore;
  let memory: FakeMemory;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "reminder-"));
    const secrets = new Map<string, string>();
    tokens = new TokenStore(
      {
        get: (key) => Promise.resolve(secrets.get(key)),
        store: (key, value) => Promise.resolve(void secrets.set(key, value)),
        delete: (key) => Promise.resolve(void secrets.delete(key)),
      },
      new FolderIndex(join(root, "tokens")),
    );
    memory = new FakeMemory();
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const save = (repository: typeof payments, expires: string | undefined, secret = "s".repeat(20)) =>
    tokens.save(site, repository, { secret, kind: "workspace", scopes: [], savedAt: "", expires });
  const take = (repository = payments, now = noon, reminderDays = 14) =>
    takeReminder({ site, tokens, memory, reminderDays, now }, repository);

  it("comes within the days of the setting, and not before (P19)", async () => {
    await save(payments, "2026-12-09");
    assert.equal(await take(), undefined);
    assert.equal((await take(payments, noon + dayMs))?.daysLeft, 14);
  });

  it("comes once for a token and date, also after a restart (P34)", async () => {
    await save(payments, "2026-12-04");
    assert.equal((await take())?.daysLeft, 10);
    assert.equal(await take(), undefined);
    memory = new FakeMemory(memory);
    assert.equal(await take(payments, noon + 5 * dayMs), undefined);
    assert.equal(await take(payments, noon + 30 * dayMs), undefined);
  });

  it("comes once for two pushes at the same time", async () => {
    await save(payments, "2026-12-04");
    const known = await tokens.list();
    tokens.list = () => Promise.resolve(known); // both go in step
    const both = await Promise.all([take(), take()]);
    assert.equal(both.filter((one) => one !== undefined).length, 1);
  });

  it("comes once for all the repositories of a token, and says how many others there are", async () => {
    await save(payments, "2026-12-04");
    await save(ledger, "2026-12-04");
    assert.equal((await take())?.others, 1);
    assert.equal(await take(ledger), undefined);
  });

  it("comes again for another date, and for another repository's own token", async () => {
    await save(payments, "2026-12-04");
    await save(ledger, "2026-12-04", "t".repeat(20));
    await take();
    assert.ok(await take(ledger));
    await save(payments, "2026-12-05");
    assert.ok(await take());
  });

  it("never comes where the last day isn't known", async () => {
    assert.equal(await take(), undefined);
    await save(payments, undefined);
    assert.equal(await take(), undefined);
    await save(payments, "some day");
    assert.equal(await take(), undefined);
  });

  it("comes on the last day itself where the setting is 0", async () => {
    await save(payments, "2026-11-25");
    assert.equal(await take(payments, noon, 0), undefined);
    assert.equal((await take(payments, noon + dayMs, 0))?.daysLeft, 0);
  });

  it("remembers repositories and dates, no secret, and only of tokens that are still kept", async () => {
    await save(payments, "2026-12-04");
    await save(ledger, "2026-12-03", "t".repeat(20));
    await take();
    await tokens.forget(site, payments);
    await take(ledger);
    assert.equal(memory.all(), '{"expiryReminders":{"https://bitbucket.org/acme/ledger":"2026-12-03"}}');
  });

  it("copes with a memory that another version wrote", async () => {
    await memory.update("expiryReminders", "what is this");
    await save(payments, "2026-12-04");
    assert.ok(await take());
  });

  const words: readonly [number, number, RegExp][] = [
    [12, 0, /^The token for acme\/payments expires in 12 days, on Dec 4, 2026\./],
    [1, 0, /expires tomorrow/],
    [0, 0, /expires today/],
    [-3, 0, /^The token for acme\/payments expired on Dec 4, 2026\. Replace it/],
    [5, 2, /^The token for acme\/payments \(and 2 more\) expires in 5 days/],
  ];
  for (const [left, others, pattern] of words) {
    it(`has words for ${left} days left${others > 0 ? " and several repositories" : ""}`, () => {
      const reminder = { repository: payments, others, expires: "2026-12-04", daysLeft: left };
      assert.match(reminderMessage(reminder, "en"), pattern);
    });
  }

  it("counts whole days to the end of the last one", () => {
    assert.equal(daysLeft("2026-11-24", noon), 0);
    assert.equal(daysLeft("2026-11-23", noon), -1);
    assert.equal(daysLeft("2026-11-25", noon), 1);
    assert.equal(daysLeft("", noon), undefined);
  });
});
