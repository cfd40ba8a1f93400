import assert from "node:assert/strict";
import { accountProblem, lacksAccount, readPasted } from "../../src/ui/tokens/pastedToken";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const api = "ATATT3xFfGN0abcdefghijklmnop_-qrstuv=1A2B3C4D";
const access = "ATCTT3xFfGN0abcdefghijklmnop_-qrstuv=1A2B3C4D";
const apiLine = `git clone https://x-bitbucket-api-token-auth:${api}@bitbucket.org/acme/payments.git`;
const shown = `${access}\n\ngit config user.email abc123@bots.bitbucket.org\n`;
const ada = "ada@example.com";

describe("a pasted token", () => {
  for (const [name, text, known, account] of [
    ["an API token alone has none", api, undefined, undefined],
    ["nor has one in a line to clone with", apiLine, undefined, undefined],
    ["the kept token's is the new one's", api, ada, ada],
    ["an API token's stands beside it", `${api}\nE-mail: ${ada}`, undefined, ada],
    ["what is known goes before what stands there", `${api}\nE-mail: bob@example.com`, ada, ada],
    ["the address of a bot is none", shown.replace(access, api), undefined, undefined],
    [
      "an access token has none, whatever stands beside it",
      `${access}\nE-mail: ${ada}`,
      undefined,
      undefined,
    ],
  ] as const) {
    it(`and its account: ${name}`, () => {
      const token = readPasted(text, site, known);
      assert.equal(token.secret, text.includes(api) ? api : access);
      assert.equal(token.account, account);
    });
  }

  it("leads to the question for an account where it is an API token and none is known", () => {
    assert.ok(lacksAccount({ secret: api }));
    assert.ok(lacksAccount({ secret: api, account: "" }));
    assert.ok(!lacksAccount({ secret: api, account: ada }));
    assert.ok(!lacksAccount({ secret: access }));
    assert.ok(!lacksAccount({ secret: "a-token-of-a-format-to-come.0123" }));
  });

  for (const [text, isAccount] of [
    [ada, true],
    [` ${ada} `, true],
    ["ada@mail", true],
    ["", false],
    ["ada", false],
    ["Ada <ada@example.com>", false],
    ["ada@example.com bob@example.com", false],
    ["ada:secret@example.com", false],
  ] as const) {
    it(`takes ${JSON.stringify(text)} for ${isAccount ? "an" : "no"} account`, () => {
      assert.equal(accountProblem(text) === undefined, isAccount);
    });
  }
});
