import assert from "node:assert/strict";
import { parseAnswer } from "../../src/bitbucket/answers";
import { readAdvertisement } from "../../src/bitbucket/gitAdvertisement";
import type { HttpAnswer } from "../../src/bitbucket/http";
import { faultOf } from "../../src/bitbucket/networkFault";
import { openTokenPage } from "../../src/failures/fixes";
import { toRefusal } from "../../src/failures/rest";
import { parseRetryAfter } from "../../src/bitbucket/retryAfter";
import type { ErrorKind, Fix } from "../../src/errors";
import * as v from "valibot";
import { failure, HttpStage } from "./support/httpStage";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const repository = { workspace: "acme", slug: "payments" };
const context = { site, repository, tokenPage: "access" } as const;
const page = "<!DOCTYPE html><html><title>Gateway s3cret</title></html>";
const bitbucketSays = (message: string, detail?: unknown) =>
  JSON.stringify({ type: "error", error: { message, detail } });

const answer = (status: number, body = "", headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  header: (name) => headers[name],
  body,
});

interface Row {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly code: ErrorKind;
  readonly says: RegExp;
  readonly fix: string | undefined;
}

const rows: readonly Row[] = [
  { status: 200, body: page, code: "BadAnswer", says: /web page came.*requires sign-in/, fix: "Try again" },
  { status: 204, code: "BadAnswer", says: /unexpected answer \(status 204\)/, fix: "Try again" },
  { status: 302, code: "BadAnswer", says: /unexpected answer \(status 302\)/, fix: "Try again" },
  { status: 400, code: "BadAnswer", says: /couldn't understand the request \(400\)/, fix: "Try again" },
  {
    status: 401,
    code: "TokenRejected",
    says: /rejected the token for acme\/payments/,
    fix: "Open token page",
  },
  {
    status: 401,
    body: bitbucketSays("App passwords are no longer supported. Use an API token."),
    code: "TokenRejected",
    says: /App passwords stopped working/,
    fix: "Open token page",
  },
  { status: 402, code: "BadAnswer", says: /plan of the workspace acme .*\(402\)/, fix: "Open plan" },
  {
    status: 403,
    body: bitbucketSays("This API is only accessible with token-based authentication."),
    code: "TokenRejected",
    says: /doesn't accept this kind of token here \(acme\/payments\)/,
    fix: "Open token page",
  },
  {
    status: 403,
    body: bitbucketSays("Your credentials lack one or more required privilege scopes.", {
      granted: ["repository"],
      required: ["repository:write"],
    }),
    code: "TokenLacksScope",
    says: /lacks repository:write \(Repositories: Write\) for acme\/payments/,
    fix: "Open token page",
  },
  {
    status: 403,
    body: bitbucketSays("Your credentials lack one or more required privilege scopes.", {
      granted: ["repository"],
      required: ["repository:write", "pullrequest:write"],
    }),
    code: "TokenLacksScope",
    says: /lacks repository:write \(Repositories: Write\) and pullrequest:write \(Pull requests: Write\) for acme\/payments. Create one with them/,
    fix: "Open token page",
  },
  {
    status: 403,
    body: bitbucketSays("Nope", { granted: "repository, account", required: "repository" }),
    code: "TokenLacksScope",
    says: /don't have permission for this in acme\/payments/,
    fix: "Open permissions",
  },
  {
    status: 403,
    body: bitbucketSays("Nope", 7),
    code: "TokenLacksScope",
    says: /don't have permission/,
    fix: "Open permissions",
  },
  {
    status: 403,
    body: bitbucketSays("To access this repository, an admin must whitelist your IP."),
    code: "BadAnswer",
    says: /workspace acme doesn't allow this computer's IP address.*ask an admin to allow it/,
    fix: "Try again",
  },
  {
    status: 403,
    body: "To access this repository, an admin must allowlist your IP.\n",
    code: "BadAnswer",
    says: /doesn't allow this computer's IP/,
    fix: "Try again",
  },
  {
    status: 403,
    body: "To access this repository, enable two-step authentication.",
    code: "BadAnswer",
    says: /acme requires two-step verification/,
    fix: "Try again",
  },
  { status: 403, body: page, code: "BadAnswer", says: /web page came/, fix: "Try again" },
  { status: 403, body: "denied", code: "BadAnswer", says: /not by Bitbucket/, fix: "Try again" },
  {
    status: 404,
    code: "RepositoryNotFound",
    says: /a repository named acme\/payments/,
    fix: "Open on Bitbucket",
  },
  { status: 407, body: page, code: "Offline", says: /proxy .*requires sign-in \(407\)/, fix: "Try again" },
  { status: 409, code: "BadAnswer", says: /changing acme\/payments/, fix: "Try again" },
  {
    status: 410,
    body: bitbucketSays("CHANGE-2770 - Functionality has been deprecated"),
    code: "BadAnswer",
    says: /removed this feature \(CHANGE-2770\)/,
    fix: "Show extensions",
  },
  { status: 410, body: page, code: "TokenRejected", says: /App passwords.*\(410\)/, fix: "Open token page" },
  { status: 413, code: "BadAnswer", says: /request is too large/, fix: undefined },
  { status: 418, body: page, code: "BadAnswer", says: /web page came/, fix: "Try again" },
  { status: 429, code: "RateLimited", says: /in a few minutes/, fix: "Try again" },
  {
    status: 429,
    headers: { "retry-after": "1" },
    code: "RateLimited",
    says: /in a second/,
    fix: "Try again",
  },
  {
    status: 429,
    headers: { "retry-after": "40" },
    code: "RateLimited",
    says: /in 40 seconds/,
    fix: "Try again",
  },
  {
    status: 429,
    headers: { "retry-after": "601" },
    code: "RateLimited",
    says: /in 11 minutes/,
    fix: "Try again",
  },
  { status: 451, code: "BadAnswer", says: /legal reasons/, fix: undefined },
  { status: 500, code: "BadAnswer", says: /has a problem \(status 500\)/, fix: "Try again" },
  { status: 502, body: page, code: "BadAnswer", says: /or a proxy .*status 502/, fix: "Try again" },
];

describe("the words for what Bitbucket refuses", () => {
  for (const { status, body, headers, code, says, fix } of rows) {
    it(`${status} ${(body ?? "").slice(0, 40)}`, () => {
      const refusal = toRefusal(answer(status, body, headers), context);
      assert.equal(refusal.code, code);
      assert.match(refusal.message, says);
      assert.ok(!/<|s3cret/.test(refusal.message), "a server's own page is shown");
      assert.equal(refusal.fixes[0]?.title, fix);
    });
  }

  it("lead to the page of the token that was refused", () => {
    const url = (fix: Fix) => (fix.kind === "openUrl" ? fix.url : undefined);
    assert.equal(url(openTokenPage(context)), "https://bitbucket.org/acme/payments/admin/access-tokens");
    assert.match(url(openTokenPage({ ...context, tokenPage: "api" })) ?? "", /id\.atlassian\.com/);
  });

  it("say of a proxy so that a check can tell", () => {
    assert.equal(faultOf(toRefusal(answer(407), context))?.kind, "proxy");
  });

  it("name the operation whose answer is odd, or the page that came instead", () => {
    const schema = v.object({ name: v.string() });
    for (const body of ["", "null", "[]", "{}", '{"name":7}', '{"name":']) {
      assert.throws(() => parseAnswer(schema, body, "GET names"), {
        code: "BadAnswer",
        message: /“GET names”/,
      });
    }
    for (const body of [page, "\uFEFF\n <HTML>", "<!-- x --><html>"]) {
      assert.throws(() => parseAnswer(schema, body, "GET names"), {
        code: "BadAnswer",
        message: /web page came/,
      });
    }
  });
});

describe("the time to wait that an answer names", () => {
  const date = "Wed, 25 Nov 2026 10:00:00 GMT";
  for (const [retryAfter, headers, seconds] of [
    ["7", {}, 7],
    [" 0 ", {}, 0],
    ["Wed, 25 Nov 2026 10:01:30 GMT", { date }, 90],
    ["Wed, 25 Nov 2026 09:00:00 GMT", { date }, 0],
    ["Wed, 25 Nov 1970 09:00:00 GMT", {}, 0],
    ["-5", {}, undefined],
    ["1.5", {}, undefined],
    ["soon", {}, undefined],
    ["Someday, never", {}, undefined],
    ["99999999999", {}, undefined],
    ["", {}, undefined],
  ] as const) {
    it(`“${retryAfter}”`, () => {
      assert.equal(parseRetryAfter(answer(429, "", { ...headers, "retry-after": retryAfter })), seconds);
    });
  }

  it("is none where there is no such header", () => {
    assert.equal(parseRetryAfter(answer(429)), undefined);
  });
});

describe("git's own door", () => {
  let stage: HttpStage;
  before(async () => {
    stage = await HttpStage.open();
  });
  afterEach(() => {
    stage.reset();
  });
  after(() => stage.bitbucket.close());

  const ask = (
    kind: "repository" | "api" = "repository",
    service: "git-upload-pack" | "git-receive-pack" = "git-upload-pack",
  ) => {
    const { signal } = new AbortController();
    const token = { kind, secret: stage.secret, scopes: ["repository"] };
    return readAdvertisement(stage.createSend(), { site: stage.site, repository, ...token, service, signal });
  };

  for (const [name, fault, code, says] of [
    [
      "an IP allow-list",
      "To access this repository, an admin must whitelist your IP.",
      "BadAnswer",
      /doesn't allow this computer's IP/,
    ],
    ["a proxy's page", page, "BadAnswer", /web page came/],
    ["what is missing", "Forbidden", "TokenLacksScope", /lacks repository:write/],
  ] as const) {
    it(`tells of ${name}`, async () => {
      stage.bitbucket.faults.add({ kind: "status", status: 403, body: fault });
      assert.match((await failure(ask("repository", "git-receive-pack"), code)).message, says);
    });
  }

  it("names the scopes as the kind of token has them", async () => {
    stage.bitbucket.faults.add({ kind: "status", status: 403, body: "Forbidden" });
    const access = await failure(ask(), "TokenLacksScope");
    assert.deepEqual(access.required, ["repository"]);
    const read = await failure(ask("api"), "TokenLacksScope");
    assert.deepEqual(read.required, ["read:repository:bitbucket"]);
    const write = await failure(ask("api", "git-receive-pack"), "TokenLacksScope");
    assert.deepEqual(write.required, ["write:repository:bitbucket"]);
  });

  it("tells a page and other words from git's", async () => {
    stage.bitbucket.faults.add({ kind: "html", status: 200, times: 1 });
    assert.match((await failure(ask(), "BadAnswer")).message, /web page came/);
    stage.bitbucket.faults.add({ kind: "badJson", times: 1 });
    assert.match((await failure(ask(), "BadAnswer")).message, /didn't answer as a Git server/);
    stage.bitbucket.faults.add({ kind: "status", status: 401, times: 1 });
    await failure(ask(), "TokenRejected");
  });

  it("answers a reader without its refs", async () => {
    assert.equal((await ask()).size, 0);
  });

  it("lists them to whoever pushes", async () => {
    const commit = "3f786850e387550fdab836ed7e6dc881de23001b";
    const body = `001f# service=git-receive-pack\n0000006d${commit} refs/heads/main\0report-status\n0000`;
    stage.bitbucket.faults.add({ kind: "status", status: 200, body, times: 1 });
    assert.deepEqual([...(await ask("repository", "git-receive-pack"))], [["refs/heads/main", commit]]);
  });
});
