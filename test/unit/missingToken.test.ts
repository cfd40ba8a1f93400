import assert from "node:assert/strict";
import { UserError } from "../../src/errors";
import { planPush } from "../../src/flows/push/planPush";
import { pushRepository } from "../../src/flows/push/pushRepository";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import {
  createRepository,
  createStage,
  git,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
} from "./support/connectStage";

const { signal } = new AbortController();
const account = "ada@example.com";
const repository = { workspace: "acme", slug: "payments" };

describe("a push to a private repository that is not connected", () => {
  let bitbucket: Bitbucket;
  let stage: ConnectStage;
  let open: ReturnType<typeof openPorts>;

  beforeEach(async () => {
    bitbucket = await startBitbucket();
    stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
    useHome(stage);
    open = openPorts(stage);
    for (const name of ["acme/payments", "globex/shop"]) bitbucket.addRepository(name);
  });
  afterEach(async () => {
    await open.close();
    removeStage(stage);
    await bitbucket.close();
  });

  async function refusal(): Promise<UserError> {
    const local = createRepository(stage, "payments");
    git(local.root, "remote", "add", "origin", `${bitbucket.webUrl}/acme/payments.git`);
    await local.refresh();
    const plan = await planPush(open.ports, local, {});
    try {
      await pushRepository(open.ports, local, plan, () => undefined, signal);
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
    throw new Error("it was pushed");
  }
  const buttons = ({ fixes }: UserError) => fixes.map(({ title }) => title);

  it("is told with one button where a stored token can push (U5)", async () => {
    const scopes = ["repository", "repository:write"];
    const { secret } = bitbucket.addToken({ kind: "workspace", workspace: "acme", scopes, name: "acme" });
    await open.ports.tokens.add(stage.site, { secret, kind: "workspace", scopes, savedAt: "" });
    const error = await refusal();
    assert.deepEqual([error.code, buttons(error)], ["TokenRejected", ["Connect and push"]]);
    const [fix] = error.fixes;
    assert.ok(fix?.kind === "retry" && fix.change["first"] === "connect");
    assert.ok(!JSON.stringify(error).includes(secret));
  });

  it("is asked for a token where none is stored, can push, or is for this workspace (U5, W10)", async () => {
    const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
    const limited = { kind: "api", account, workspace: "globex", scopes, name: "limited" } as const;
    const { secret } = bitbucket.addToken(limited);
    const shop = { workspace: "globex", slug: "shop" };
    await open.ports.tokens.save(stage.site, shop, { secret, account, kind: "api", scopes, savedAt: "" });
    const read = bitbucket.addToken({
      ...{ kind: "workspace", workspace: "acme", scopes: ["repository"], name: "reads" },
    });
    await open.ports.tokens.add(stage.site, {
      ...read,
      kind: "workspace",
      scopes: ["repository"],
      savedAt: "",
    });
    const error = await refusal();
    assert.deepEqual([error.code, buttons(error)], ["TokenRejected", ["Add token", "Connect repository"]]);
    assert.match(error.message, /^No stored token can push to acme\/payments\. Add one, then push again\./);
    const candidates = await open.ports.tokens.candidates(stage.site, repository);
    assert.deepEqual(
      candidates.map(({ token }) => token.secret),
      [read.secret],
      "not asked again",
    );
  });
});
