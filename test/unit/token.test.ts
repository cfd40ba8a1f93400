import assert from "node:assert/strict";
import {
  checkToken,
  gitUserName,
  hideTokens,
  kindFromCredentialType,
  tokenHint,
} from "../../src/bitbucket/token";
import { UserError } from "../../src/errors";

const access = "ATCTT3xFfGN0abcdefghijklmnop_-qrstuv=1A2B3C4D";
const api = "ATATT3xFfGN0abcdefghijklmnop_-qrstuv=1A2B3C4D";
const appPassword = "ATBBabcdefghijklmnopqrstuv1A2B3C4D";

const accepted: readonly (readonly [text: string, token: string])[] = [
  [access, access],
  [api, api],
  [`  ${access}\r\n`, access],
  [`\uFEFF${access}`, access],
  ["a-token-of-a-format-to-come.0123", "a-token-of-a-format-to-come.0123"],
  ["0123456789abcdef", "0123456789abcdef"],
  [encodeURIComponent(access), access],
  [access.replace("=", "%3d"), access],
  [`x-token-auth:${access}`, access],
  [`x-bitbucket-api-token-auth:${api}`, api],
  [`git clone https://x-token-auth:${encodeURIComponent(access)}@bitbucket.org/acme/pay.git`, access],
  [`$ git clone "https://x-token-auth:${access}@bitbucket.org/acme/pay.git"`, access],
  [`https://x-token-auth:${access}@bitbucket.org/acme/pay.git`, access],
  [`https://jane:${api}@bitbucket.org/acme/pay.git`, api],
  ["x".repeat(4095) + "1", "x".repeat(4095) + "1"],
];

const refused: readonly (readonly [text: string, message: RegExp])[] = [
  ["", /No token entered/],
  [" \t\r\n", /No token entered/],
  ["abc", /too short/],
  ["ATCTT3x", /too short/],
  ["0123456789abcde", /too short/],
  ["x".repeat(4096) + "1", /too long/],
  ["x".repeat(100_000) + "1", /too long/],
  [`${access} ${access}`, /contains spaces/],
  [`${access.slice(0, 20)}\n${access.slice(20)}`, /contains spaces/],
  [`Bearer ${access}`, /contains spaces/],
  [`${access}\u0000`, /character/],
  [`${access}\u001b[0m`, /character/],
  [`${access}\u200b`, /character/],
  [access.replace("x", "х"), /character/],
  ["••••••••••••••••••••1", /character/],
  [`"${access}"`, /character/],
  [`'${access}'`, /character/],
  [`\`${access}\``, /character/],
  [`“${access}”`, /character/],
  ["<token>", /placeholder/],
  ["<your access token here>", /placeholder/],
  ["{token}", /placeholder/],
  ["YOUR_TOKEN", /placeholder/],
  ["YOUR_ACCESS_TOKEN", /placeholder/],
  ["your-repository-access-token-here", /placeholder/],
  ["my token", /placeholder/],
  ["TOKEN", /placeholder/],
  ["$BITBUCKET_TOKEN", /placeholder/],
  ["${{ secrets.BITBUCKET_TOKEN }}", /placeholder/],
  ["%BITBUCKET_TOKEN%", /placeholder/],
  ["xxxxxxxxxxxxxxxxxxxxxxxx", /placeholder/],
  ["************************", /placeholder/],
  ["git clone https://bitbucket.org/acme/pay.git", /URL or command/],
  ["git clone https://x-token-auth@bitbucket.org/acme/pay.git", /URL or command/],
  ["git clone git@bitbucket.org:acme/pay.git", /URL or command/],
  ["https://bitbucket.org/acme/pay/admin/access-tokens", /URL or command/],
  [`https://me:hunter2hunter2hunter2@github.com/acme/pay.git`, /URL or command/],
  ["git@bitbucket.org:acme/pay-api.git", /URL or command/],
  ["acme-workspace/pay-api", /URL or command/],
  ["bitbucket.org/acme/pay-api", /URL or command/],
  ["0a1b2c3d4e5f@bots.bitbucket.org", /URL or command/],
  ["https://x-token-auth:<token>@bitbucket.org/acme/pay.git", /placeholder/],
  [appPassword, /App passwords.*July 28, 2026.*[Pp]aste/],
  ["ATBB", /App passwords/],
  [`https://jane:${appPassword}@bitbucket.org/acme/pay.git`, /App passwords/],
];

describe("checkToken", () => {
  for (const [text, token] of accepted) {
    it(`accepts ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.equal(checkToken(text), token);
    });
  }

  for (const [text, message] of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 60))} and says why`, () => {
      assert.throws(
        () => checkToken(text),
        (error: unknown) => {
          assert.ok(error instanceof UserError);
          assert.equal(error.code, "InvalidToken");
          assert.equal(error.field, "token");
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

describe("a token's kind", () => {
  it("is hinted at by the first letters", () => {
    assert.equal(tokenHint(access), "access");
    assert.equal(tokenHint(api), "api");
    assert.equal(tokenHint(appPassword), "appPassword");
    assert.equal(tokenHint("something-else"), undefined);
  });

  const kinds: readonly (readonly [
    header: string | undefined,
    hint: Parameters<typeof kindFromCredentialType>[1],
    kind: string,
  ])[] = [
    ["repo_access_token", undefined, "repository"],
    ["repository_access_token", "api", "repository"],
    ["project_access_token", "access", "project"],
    ["workspace_access_token", "access", "workspace"],
    [" Workspace_Access_Token ", "access", "workspace"],
    ["api_token", "access", "api"],
    ["apitoken", undefined, "api"],
    ["something_new", "api", "api"],
    ["something_new", "workspace", "workspace"],
    ["", "access", "repository"],
    ["apppassword", "appPassword", "repository"],
    [undefined, "project", "project"],
    [undefined, undefined, "repository"],
  ];
  for (const [header, hint, kind] of kinds) {
    it(`is ${kind} for the header ${String(header)} and the hint ${String(hint)}`, () => {
      assert.equal(kindFromCredentialType(header, hint), kind);
    });
  }

  it("tells the user name that git gives", () => {
    assert.equal(gitUserName("api"), "x-bitbucket-api-token-auth");
    for (const kind of ["repository", "project", "workspace"] as const) {
      assert.equal(gitUserName(kind), "x-token-auth");
    }
  });
});

describe("hideTokens", () => {
  it("takes every token of a known format out of a text", () => {
    assert.equal(hideTokens(`a ${access}@b ${api}, ${appPassword}`), "a …@b …, …");
  });
});
