import assert from "node:assert/strict";
import type { ErrorKind } from "../../src/errors";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import {
  assertFails,
  configText,
  connect,
  ConnectStage,
  disconnect,
  git,
  type Failure,
  type Prepared,
} from "./support/connectStage";

interface Row {
  readonly what: string;
  readonly code: ErrorKind;
  /** Breaks what `prepare` made, and says what to call with in place of its values. */
  readonly breakIt: (prepared: Prepared) => object | undefined | Promise<object | undefined>;
  readonly also?: (error: Failure, prepared: Prepared) => void;
}

describe("bitbucketConnect.connectRepository throws, and leaves everything as it was,", () => {
  let stage: ConnectStage;

  before(async () => {
    stage = await ConnectStage.open();
  });
  after(() => stage.close());
  afterEach(() => {
    stage.bitbucket.faults.clear();
  });

  const rows: readonly Row[] = [
    {
      what: "for what is no repository",
      code: "InvalidRepository",
      breakIt: () => ({ repository: "https://bitbucket.org.evil.tld/acme/payments" }),
    },
    { what: "for what is no token", code: "InvalidToken", breakIt: () => ({ token: "<your token here>" }) },
    {
      what: "for an app password (P6)",
      code: "InvalidToken",
      breakIt: () => ({ token: "ATBBabcdefghijklmnopqrstuvwxyz012345" }),
      also: ({ message }) => {
        assert.match(message, /App passwords/);
      },
    },
    {
      what: "for a revoked token",
      code: "TokenRejected",
      breakIt: ({ tokenName }) => {
        stage.bitbucket.revoke(tokenName);
        return undefined;
      },
    },
    {
      what: "for an expired token",
      code: "TokenRejected",
      breakIt: ({ repository }) => {
        const owner = { kind: "repository", repository, scopes: ["repository:write"] } as const;
        const expires = new Date(Date.now() - 60_000);
        return { token: stage.bitbucket.addToken({ ...owner, name: "expired", expires }).secret };
      },
    },
    {
      what: "for a token that can only read (P7)",
      code: "TokenLacksScope",
      breakIt: ({ repository }) => {
        const owner = { kind: "repository", repository, scopes: ["repository"] } as const;
        return { token: stage.bitbucket.addToken({ ...owner, name: "reader" }).secret };
      },
      also: ({ granted, required, fixes }, { repository }) => {
        assert.deepEqual({ granted, required }, { granted: ["repository"], required: ["repository:write"] });
        const url = `${stage.bitbucket.webUrl}/${repository}/admin/access-tokens`;
        assert.deepEqual(fixes, [{ kind: "openUrl", title: "Open token page", url }]);
      },
    },
    {
      what: "for another repository's token",
      code: "WrongRepository",
      breakIt: () => ({ token: stage.prepare().token }),
    },
    {
      what: "for a repository that isn't there",
      code: "RepositoryNotFound",
      breakIt: () => {
        const owner = { kind: "workspace", workspace: "acme", scopes: ["repository:write"] } as const;
        return {
          repository: "acme/nowhere",
          token: stage.bitbucket.addToken({ ...owner, name: "of acme" }).secret,
        };
      },
    },
    {
      what: "for a remote that points elsewhere (P25)",
      code: "RemoteExists",
      breakIt: ({ folder }) => {
        git(folder, "remote", "add", "origin", "https://ada:s3cret@github.com/ada/payments.git");
        return undefined;
      },
      also: ({ message, fixes }) => {
        assert.match(message, /https:\/\/github\.com\/ada\/payments\.git/);
        assert.equal(fixes.length, 3);
      },
    },
    { what: "for a branch that isn't there", code: "BranchNotFound", breakIt: () => ({ branch: "nope" }) },
    {
      what: "where there is no commit to push",
      code: "NothingToPush",
      breakIt: () => {
        const folder = stage.newFolder();
        git(folder, "init", "--quiet", "--initial-branch=main");
        return { folder, push: true };
      },
    },
    {
      what: "for a restricted branch",
      code: "PushRejected",
      breakIt: ({ repository }) => {
        stage.bitbucket.restrict(repository, { branches: ["main"] });
        return undefined;
      },
    },
    {
      what: "for the words of a server's hook",
      code: "PushRejected",
      breakIt: ({ repository }) => {
        stage.bitbucket.restrict(repository, { refusal: "Name an issue in each commit" });
        return undefined;
      },
      also: ({ message }) => {
        assert.match(message, /Name an issue in each commit/);
      },
    },
    {
      what: "for a history of its own on Bitbucket",
      code: "UnrelatedHistories",
      breakIt: async ({ repository, token }) => {
        const other = makeSampleRepository(stage.newFolder());
        git(
          other,
          "-c",
          "user.name=Bo",
          "-c",
          "user.email=bo@example.com",
          "commit",
          "-q",
          "--amend",
          "-m",
          "Other",
        );
        git(other, "checkout", "-q", "--orphan", "fresh");
        git(other, "commit", "-q", "-m", "A README made on Bitbucket");
        git(other, "branch", "-q", "-M", "main");
        await connect({ folder: other, repository, token });
        return undefined;
      },
    },
    {
      what: "at the rate limit",
      code: "RateLimited",
      breakIt: () => {
        stage.bitbucket.faults.add({ kind: "rateLimit", retryAfter: 7 });
        return undefined;
      },
      also: ({ retryAfter }) => {
        assert.equal(retryAfter, 7);
      },
    },
    {
      what: "where the connection breaks",
      code: "Offline",
      breakIt: () => {
        stage.bitbucket.faults.add({ kind: "reset" });
        return undefined;
      },
    },
    {
      what: "for a proxy's page",
      code: "BadAnswer",
      breakIt: () => {
        stage.bitbucket.faults.add({ kind: "html" });
        return undefined;
      },
      also: ({ message }) => {
        assert.ok(!message.includes("<"));
      },
    },
    {
      what: "for half an answer",
      code: "BadAnswer",
      breakIt: () => {
        stage.bitbucket.faults.add({ kind: "badJson" });
        return undefined;
      },
    },
    {
      what: "where git has no helper to hand the token to",
      code: "GitMissing",
      breakIt: () => ({ gitAccess: "credentialHelper" }),
    },
  ];

  for (const { what, code, breakIt, also } of rows) {
    it(`${code} ${what}`, async () => {
      const prepared = stage.prepare();
      const argument: object = { ...prepared, ...(await breakIt(prepared)) };
      const { folder, token } = argument as Prepared;
      const before = configText(folder);
      const error = await assertFails(connect(argument), code, token);
      also?.(error, prepared);
      assert.equal(configText(folder), before);
      assert.equal(git(folder, "for-each-ref", "refs/remotes"), "");
    });
  }

  it("NotARepository where there is none", async () => {
    const { repository, token } = stage.prepare();
    await assertFails(connect({ folder: stage.newFolder(), repository, token }), "NotARepository", token);
  });

  it("NotARepository where there is nothing to disconnect", async () => {
    const { folder, token } = stage.prepare();
    await assertFails(disconnect({ folder }), "NotARepository", token);
  });
});
