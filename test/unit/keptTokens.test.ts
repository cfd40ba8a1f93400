import assert from "node:assert/strict";
import { requestFromForm } from "../../src/commands/connectRequests";
import { keptTokenFor, listKeptTokens } from "../../src/flows/connect/keptTokens";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import { findKeptToken, type KeptToken } from "../../src/protocol/keptTokens";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import {
  configText,
  connectRequest,
  createRepository,
  createStage,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "./support/connectStage";

const kept = (kind: KeptToken["kind"], ...repositories: string[]): KeptToken => ({ kind, repositories });

describe("a kept token for a repository", () => {
  const own = kept("repository", "acme/payments");
  const workspace = kept("workspace", "acme/billing");
  const project = kept("project", "globex/shop");
  const person = kept("api", "initech/tps");
  const environment = kept("repository");
  const all = [environment, person, project, workspace, own];

  for (const [repository, tokens, expected] of [
    ["acme/payments", all, own],
    ["Acme/Payments", all, own],
    ["acme/other", all, workspace],
    ["globex/other", all, project],
    ["acme2/other", all, person],
    ["acme/other", [own, environment], environment],
    ["acme/other", [own], undefined],
    ["acme/other", [], undefined],
  ] as const) {
    it(`is ${expected ? `${expected.kind} of ${expected.repositories.join() || "the environment"}` : "none"} for ${repository} among ${tokens.length}`, () => {
      const found = findKeptToken(tokens, repository);
      assert.equal(found?.token, expected);
      assert.equal(found?.isOwn ?? false, expected === own);
    });
  }

  const told = (token: KeptToken, change: Partial<KeptToken>) => ({ ...token, ...change });
  const added = told(kept("api"), { workspaces: ["acme"], isBounded: true });
  const addedWide = told(kept("workspace"), { workspaces: ["acme"] });
  for (const [repository, token, isOffered] of [
    ["acme/payments", added, true],
    ["globex/shop", added, false],
    ["acme/payments", told(added, { refused: ["Acme/Payments"] }), false],
    ["acme/payments", addedWide, true],
    ["globex/shop", addedWide, false],
  ] as const) {
    it(`is ${isOffered ? "" : "not "}one that Bitbucket says has access to ${token.workspaces?.join() ?? ""} for ${repository} (W10, ${token.kind})`, () => {
      assert.equal(findKeptToken([token], repository)?.token, isOffered ? token : undefined);
    });
  }

  describe("connects a second repository", () => {
    let bitbucket: Bitbucket;
    let stage: ConnectStage;
    let open: ReturnType<typeof openPorts>;

    before(async () => {
      bitbucket = await startBitbucket();
      stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
      useHome(stage);
      open = openPorts(stage);
    });
    after(async () => {
      await open.close();
      removeStage(stage);
      await bitbucket.close();
    });

    it("of its workspace, with its expiry, and without being entered again", async () => {
      for (const slug of ["one", "two"]) bitbucket.addRepository(`acme/${slug}`);
      const scopes = ["repository", "repository:write"];
      const { secret } = bitbucket.addToken({ kind: "workspace", workspace: "acme", scopes, name: "shared" });
      const { signal } = new AbortController();
      const connect = (slug: string, request: Parameters<typeof connectRepository>[2]) =>
        connectRepository(open.ports, createRepository(stage, slug), request, () => undefined, signal);
      const first = {
        repository: { workspace: "acme", slug: "one" },
        token: { secret },
        expires: "2099-01-31",
      };
      await connect("one", connectRequest(first));

      assert.deepEqual(await listKeptTokens(open.ports), [kept("workspace", "acme/one")]);
      const token = await keptTokenFor(open.ports, "acme/two");
      assert.ok(token);
      const values = {
        folder: "",
        repository: "acme/two",
        tokenKind: "access",
        account: "",
        scopes: [],
        token: "",
        email: "",
        remote: "origin",
        existingRemote: "ask",
        branch: "main",
        gitAccess: "vscode",
        expires: "",
      } as const;
      const outcome = await connect("two", requestFromForm({ ...values, scopes: [] }, token, stage.site));
      assert.equal(outcome?.pushed, true);
      const stored = await open.ports.tokens.stored(stage.site, { workspace: "acme", slug: "two" });
      assert.deepEqual([stored?.secret, stored?.expires], [secret, "2099-01-31"]);
      assert.ok(!configText({ root: `${stage.root}/two` }).includes(secret));
    });
  });
});
