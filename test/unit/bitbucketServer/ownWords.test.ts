import assert from "node:assert/strict";
import { findShared } from "../../bitbucket/contract/findDescription";
import { refuseGit } from "../../bitbucket/git/gitAccess";
import type { Refusal, SignIn } from "../../bitbucket/model/signIn";
import type { Repository } from "../../bitbucket/model/world";
import { unauthorized } from "../../bitbucket/rest/errors";
import { inOwnWords } from "../../bitbucket/wire/ownWords";

/** What was read of Bitbucket itself: its rows are the words that the embedded one must answer with. */
const facts = findShared("facts.md");

describe("the embedded Bitbucket's refusals, held to what was read of the real one", () => {
  const rules = { appPasswordStatus: 410 } as const;
  const repository = { private: true } as Repository;

  before(function () {
    if (facts === undefined) this.skip(); // not part of the product: it lies beside a checkout, or doesn't
  });

  /** The row of the table of git's answers that begins so. */
  function row(what: string): string {
    const found = facts?.split("\n").find((line) => line.startsWith(`| ${what}`));
    return found ?? assert.fail(`no row “${what}”`);
  }

  const git = (signIn: SignIn, service: "git-upload-pack" | "git-receive-pack" = "git-receive-pack") => {
    const refusal = refuseGit(signIn, repository, service, rules);
    return refusal ?? assert.fail("it was let in");
  };

  const refused = (why: Refusal): SignIn => ({ kind: "refused", why, token: undefined, scheme: "basic" });

  it("asks for a name where there is none, in Bitbucket's realm", () => {
    const { status, headers } = git({ kind: "anonymous" });
    assert.ok(row("no credentials").includes(`| ${status},`));
    assert.ok(row("no credentials").includes(String(headers["www-authenticate"])));
  });

  it("says of a token that it refuses what it says of no access", () => {
    const { status, body } = git(refused("revoked"));
    assert.ok(row("token refused").includes(`| ${status} with the text "${body}"`));
  });

  it("has ended app passwords", () => {
    const { status } = git(refused("appPassword"));
    assert.ok(row("app password | 410").includes(String(status)));
  });

  it("names scopes at git's door as its API does", () => {
    for (const isRest of [true, false]) {
      const { status, body } = inOwnWords(403, isRest);
      const [, said = ""] = /"(Your [^"]+)"/.exec(row("lacks write")) ?? [];
      assert.equal(status, 403);
      assert.ok(body.includes(said), body);
    }
  });

  it("knows of plans", () => {
    assert.ok(row("plan").includes(String(inOwnWords(402, false).status)));
  });

  it("says the same of every token that its API refuses", () => {
    const { status, body } = unauthorized();
    assert.equal(status, 401);
    const [, said = ""] =
      /401 bad, expired or unsupported token, with the text "([^"]+)"/.exec(facts ?? "") ?? [];
    assert.ok(said !== "" && body.includes(said), body);
  });
});
