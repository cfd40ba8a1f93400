import assert from "node:assert/strict";
import { longestSlug, nameFault, toSlug } from "../../src/bitbucket/slug";

/** Atlassian's page: https://support.atlassian.com/bitbucket-cloud/docs/what-is-a-slug/ */
const documented: Record<string, string> = {
  føøbar: "foobar",
  "foo bar": "foo-bar",
  "a@b!-#c": "a-b-c",
  _private: "_private",
  ".dotfiles": ".dotfiles",
};

/** Tried on Bitbucket: https://github.com/DrFaust92/terraform-provider-bitbucket/pull/147 and the reports named. */
const observed: Record<string, string> = {
  "------a_": "a_",
  "a_------": "a_",
  "a---b_---a": "a-b_-a",
  "--a---b_---a----": "a-b_-a",
  "test.repository": "test.repository",
  "test&repository": "test-repository",
  "test;repository;;": "test-repository",
  "my-very-long-repository-name-that-is-over-the-max-allow-characters":
    "my-very-long-repository-name-that-is-over-the-max-allow",
  "My repo - v1": "my-repo-v1", // https://github.com/Shippable/support/issues/231
  "test repo - with spaces": "test-repo-with-spaces", // https://github.com/Strider-CD/strider/issues/224
  SomeRepository: "somerepository", // https://github.com/hashicorp/terraform-provider-bitbucket/issues/4
  "platform.shared.service.foo": "platform.shared.service.foo", // zahiar/terraform-provider-bitbucket issue 81
  "Vendor/Package": "vendor-package", // https://github.com/composer/composer/pull/4509
};

/** What the rules of that page make of further names. */
const derived: Record<string, string> = {
  payments: "payments",
  Payments: "payments",
  "Payments API": "payments-api",
  "  Payments  API  ": "payments-api",
  payments_api: "payments_api",
  "v2.0": "v2.0",
  "42": "42",
  "C++ tools": "c-tools",
  "Ada's tools": "ada-s-tools",
  "Q&A (2026)": "q-a-2026",
  "100 %": "100",
  "größe & maß": "grosse-mass",
  "Crème brûlée": "creme-brulee",
  Žuvėdra: "zuvedra",
  Łódź: "lodz",
  Ærø: "aero",
  ﬁle: "file",
  "a – b — c": "a-b-c",
  "tab\tand\nline": "tab-and-line",
  "проект alpha": "alpha",
  "🚀 rocket": "rocket",
  ["a".repeat(62)]: "a".repeat(62),
  ["a".repeat(70)]: "a".repeat(62),
  [`${"a".repeat(62)} b`]: "a".repeat(62),
  [`${"a".repeat(60)} bcd`]: "a".repeat(60),
};

describe("a repository's name as its slug", () => {
  for (const [group, table] of Object.entries({ documented, observed, derived })) {
    for (const [name, slug] of Object.entries(table)) {
      it(`${group}: ${JSON.stringify(name)} becomes ${slug}`, () => {
        assert.equal(toSlug(name), slug);
        assert.equal(nameFault(name), undefined);
      });
    }
  }

  it("has forty names and more in these tables", () => {
    assert.ok([documented, observed, derived].flatMap((table) => Object.keys(table)).length >= 40);
  });

  it("is its own slug, and always one that Bitbucket's API takes", () => {
    for (const name of [documented, observed, derived].flatMap((table) => Object.keys(table))) {
      const slug = toSlug(name);
      assert.equal(toSlug(slug), slug);
      assert.match(slug, /^[a-z0-9_.-]+$/);
      assert.ok(slug.length <= longestSlug);
    }
  });

  for (const [name, fault] of [
    ["", "empty"],
    ["   ", "empty"],
    ["проект", "noLetters"],
    ["日本", "noLetters"],
    ["---", "noLetters"],
    ["?!", "noLetters"],
    [".", "dots"],
    ["..", "dots"],
    ["payments.git", "git"],
    ["Payments.GIT", "git"],
  ] as const) {
    it(`refuses ${JSON.stringify(name)}: ${fault}`, () => {
      assert.equal(nameFault(name), fault);
    });
  }
});
