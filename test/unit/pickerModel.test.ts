import assert from "node:assert/strict";
import { UserError } from "../../src/errors";
import {
  RepositoryPickerModel,
  type PickerRepository,
  type PickerRow,
} from "../../src/ui/clone/repositoryPickerModel";

const address = (text: string) => {
  const [, workspace, slug] = /([\w-]+)\/([\w-]+)$/.exec(text) ?? [];
  return workspace && slug ? { workspace, slug, branch: undefined } : undefined;
};

function repository(name: string, updatedAt = 0, description = ""): PickerRepository {
  const [workspace = "", slug = ""] = name.split("/");
  return { workspace, slug, description, isPrivate: true, updatedAt };
}

function shown(rows: readonly PickerRow<PickerRepository>[]): string[] {
  return rows.map((row) => {
    switch (row.kind) {
      case "section":
        return `— ${row.workspace ?? "recent"}`;
      case "repository":
        return `${row.repository.workspace}/${row.repository.slug}`;
      case "address":
        return `clone ${row.address.workspace}/${row.address.slug}`;
      case "problem":
        return `! ${row.error.message}`;
      case "more":
        return `+${row.count}`;
      case "nothing":
      case "addToken":
        return row.kind;
    }
  });
}

describe("the repository picker's model", () => {
  let model: RepositoryPickerModel<PickerRepository>;
  beforeEach(() => {
    model = new RepositoryPickerModel(address, true);
  });

  it("shows recent repositories first, then each workspace's, the last updated on top", () => {
    model.addRecent([repository("globex/site")]);
    model.add([repository("globex/site", 5), repository("globex/app", 1), repository("acme/old", 1)]);
    model.add([repository("acme/new", 9)]);
    assert.deepEqual(shown(model.rows()), [
      ...["— recent", "globex/site", "— acme", "acme/new", "acme/old", "— globex", "globex/app"],
    ]);
  });

  it("shows a repository once, however many tokens and answers have it", () => {
    model.add([repository("acme/Api", 1)]);
    model.add([repository("acme/api", 1), repository("ACME/api", 1)]);
    assert.equal(shown(model.rows()).filter((row) => row.toLowerCase() === "acme/api").length, 1);
  });

  it("filters by every word typed, in names and descriptions", () => {
    model.add([repository("acme/payments", 2, "Card and cash"), repository("acme/site", 1, "Pay per view")]);
    model.type("pay card");
    assert.deepEqual(shown(model.rows()), ["— acme", "acme/payments"]);
    model.type("PAY");
    assert.deepEqual(shown(model.rows()), ["— acme", "acme/payments", "acme/site"]);
  });

  it("drops an answer to what is no longer typed, and its failure too", () => {
    const early = model.type("pa");
    model.ask(early);
    const late = model.type("pay");
    model.ask(late);
    assert.equal(model.answer(early, [repository("acme/parrot")]), false);
    const problem = { error: new UserError("Offline", "Gone."), retry: () => Promise.resolve() };
    assert.equal(model.answerFailed(early, problem), false);
    assert.equal(model.isBusy, true);
    assert.equal(model.answer(late, [repository("acme/payments")]), true);
    assert.deepEqual(shown(model.rows()), ["— acme", "acme/payments"]);
    assert.equal(model.isBusy, false);
  });

  it("says that nothing matches only once nobody is looking any more", () => {
    const question = model.type("zebra");
    model.ask(question);
    assert.deepEqual(shown(model.rows()), []);
    model.answer(question, []);
    assert.deepEqual(shown(model.rows()), ["nothing", "addToken"], "another token may see it");
  });

  it("says why a pasted address is none, also where no token is kept", () => {
    const fault = (text: string) => (text.includes("github") ? "This is a GitHub URL." : undefined);
    for (const hasTokens of [true, false]) {
      const rows = (text: string) => {
        const picker = new RepositoryPickerModel<PickerRepository>(address, hasTokens, fault);
        picker.type(text);
        return picker.rows();
      };
      const told = { kind: "nothing", fault: "This is a GitHub URL." } as const;
      const add = { kind: "addToken", isFirst: !hasTokens } as const;
      assert.deepEqual(rows("https://github.com/foo/bar.git"), [told, add]);
      assert.deepEqual(rows("github"), hasTokens ? [{ kind: "nothing" }, add] : [add]);
    }
  });

  it("offers an address that no list has, and nothing else for a pasted one", () => {
    model.add([repository("acme/payments")]);
    model.type("acme/pay");
    assert.deepEqual(shown(model.rows()), ["— acme", "acme/payments", "clone acme/pay"]);
    model.type("acme/payments");
    assert.deepEqual(shown(model.rows()), ["— acme", "acme/payments"]);
    model.type("https://bitbucket.org/acme/payments");
    assert.deepEqual(shown(model.rows()), ["clone acme/payments"]);
  });

  it("leads to a token where there is none, and still takes an address", () => {
    const without = new RepositoryPickerModel<PickerRepository>(address, false);
    without.addRecent([repository("acme/ledger")]);
    assert.deepEqual(shown(without.rows()), ["addToken", "— recent", "acme/ledger"]);
    without.type("acme/payments");
    assert.deepEqual(shown(without.rows()), ["clone acme/payments", "addToken"]);
  });

  it("shows each kind of failure once, on top of what was read, and tries all of it again", async () => {
    let tried = 0;
    const fail = () => {
      model.fail({
        error: new UserError("RateLimited", "Too many."),
        retry: () => {
          tried++;
          model.add([repository(`acme/late-${tried}`)]);
          return Promise.resolve();
        },
      });
    };
    model.add([repository("acme/early", 9)]);
    fail();
    fail();
    assert.deepEqual(shown(model.rows()), ["! Too many.", "— acme", "acme/early"]);
    await model.retry(new UserError("RateLimited", "Too many."));
    assert.equal(tried, 2);
    assert.deepEqual(shown(model.rows()), ["— acme", "acme/early", "acme/late-1", "acme/late-2"]);
  });

  it("has all of 10,000 repositories to scroll, and answers each key within 50 ms", () => {
    const all = Array.from({ length: 10_000 }, (_, i) =>
      repository(
        `workspace-${i % 3}/repository-${i}`,
        i,
        `The ${i}th of many, with a description to search in`,
      ),
    );
    for (let page = 0; page < 100; page++) model.add(all.slice(page * 100, page * 100 + 100));
    assert.equal(model.rows().filter(({ kind }) => kind === "repository").length, 10_000);
    const times = [
      ...Array.from("repository-9999", (_, i) => "repository-9999".slice(0, i + 1)),
      "many 77",
    ].map((query) => {
      const started = performance.now();
      model.add([all[0] ?? repository("acme/x")]);
      model.type(query);
      model.rows();
      return performance.now() - started;
    });
    const [median = Infinity] = times.sort((a, b) => a - b).slice(times.length / 2);
    assert.ok(median < 50, `${median.toFixed(1)} ms`);
    model.type("repository-1");
    assert.equal(model.rows().at(-1)?.kind, "more");
    model.type("repository-9999");
    assert.deepEqual(shown(model.rows()), ["— workspace-0", "workspace-0/repository-9999"]);
  });
});
