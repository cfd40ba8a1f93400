import assert from "node:assert/strict";
import { describeRequest, withoutSignIn } from "../../src/bitbucket/logText";

const secret = "ATCTT3xFfGN0abc-DEF_ghi123=0A1B2C3D";
const short = "s3cret-without-a-known-form";
const encoded = encodeURIComponent(secret);
const basic = (user: string, password = secret) => Buffer.from(`${user}:${password}`).toString("base64");
const twice = (text: string) => encodeURIComponent(encodeURIComponent(text));

describe("the log", () => {
  for (const [name, text] of [
    ["a token", `refused ${secret} just now`],
    ["a token, quoted", `{"token":"${secret}"}`],
    ["an API token", "key ATATT3xFfGF0abcdefghij=1A2B3C4D."],
    ["an app password", "ATBBabcdefghijklmnopqrstuvwxyz012345"],
    ["a token, percent-encoded", `token ${encoded}`],
    ["a token, percent-encoded twice", `token ${twice(secret)}`],
    ["a token behind an encoded colon", `x-token-auth%3A${encoded}`],
    ["a URL's user and password", `fatal: https://x-token-auth:${secret}@bitbucket.org/acme/payments.git`],
    ["a URL's password, encoded", `https://x-token-auth:${encoded}@bitbucket.org/acme/payments.git`],
    ["a URL's password of no known form", `https://ada:${short}@bitbucket.org/acme`],
    ["a URL, percent-encoded", `u=https%3A%2F%2Fada%3A${short}%40bitbucket.org%2Facme`],
    ["a URL's parameter", `https://api.bitbucket.org/2.0/user?pagelen=1&access_token=${short}`],
    ["a Bearer value", `authorization: Bearer ${short}`],
    ["a Bearer value, encoded", `Bearer%20${short}`],
    ["a Basic value", `Authorization: Basic ${basic("x-token-auth", short)}`],
    ["a header in JSON", `{"authorization":"Bearer ${short}"}`],
    ["a header of another scheme", `Authorization: ${short}`],
    ["base64 of a user and a token", `sent ${basic("x-token-auth")}`],
    ["base64 of an account and a token", `sent ${basic("ada@example.com")}`],
    ["base64 of a user and a password of no known form", `sent ${basic("ada", short)}`],
    ["base64 behind other letters", `x/y/ab${basic("x-token-auth", short)}`],
    ["base64, percent-encoded", encodeURIComponent(basic("ada@example.com", `${short}???>>>`))],
    ["base64 for URLs", Buffer.from(`x-token-auth:${secret}`).toString("base64url")],
    ["a stack", new Error(`request to https://a:${secret}@host failed`).stack ?? ""],
  ] as const) {
    it(`masks ${name}`, () => {
      const masked = withoutSignIn(text);
      const spellings = [secret, short, encoded, twice(secret), secret.slice(0, 16), short.slice(0, 10)];
      const inBase64 = [basic("x-token-auth"), basic("ada@example.com"), basic("ada", short)];
      for (const spelling of [...spellings, ...inBase64.map((one) => one.slice(16, 32))]) {
        assert.ok(!masked.includes(spelling), masked);
      }
      assert.doesNotMatch(masked, /AT[A-Z]{2}[0-9A-Za-z]{6}/);
      assert.match(masked, /…/);
    });
  }

  for (const text of [
    "GET api.bitbucket.org/2.0/repositories/acme/payments-with-a-long-name/refs/branches 200 12 ms",
    "connect: TokenRejected: Bitbucket rejected the token for acme/payments.",
    "https://bitbucket.org/acme/payments.git",
    "Error: x\n    at Object.<anonymous> (/home/ada/.vscode/extensions/connect-for-bitbucket-0.1.0/dist/extension.js:1:2)",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b",
    "LATEST_VERSION_OF_THE_EXTENSION",
    "ask ada@example.com at 10:30",
  ]) {
    it(`leaves ${text.slice(0, 50)}`, () => {
      assert.equal(withoutSignIn(text), text);
    });
  }

  it("tells a request in one line, and that it is sent again", () => {
    const trace = {
      method: "GET",
      host: "api.bitbucket.org",
      path: "/2.0/repositories/acme",
      status: 503,
      elapsedMs: 12,
    } as const;
    assert.equal(describeRequest(trace), "GET api.bitbucket.org/2.0/repositories/acme 503 12 ms");
    assert.equal(
      describeRequest({ ...trace, againInMs: 240 }),
      "GET api.bitbucket.org/2.0/repositories/acme 503 12 ms, again in 240 ms",
    );
  });
});
