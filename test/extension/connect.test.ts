import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { commandIds } from "../../src/commands/ids";
import { listeningPorts } from "./support/listeningPorts";
import { pushInEditor, repositoryIn } from "./support/editorGit";
import {
  addOwnHelper,
  configText,
  connect,
  ConnectStage,
  disconnect,
  git,
  gitOnline,
  write,
} from "./support/connectStage";

const modes = ["vscode", "credentialHelper", "remoteUrl"] as const;

describe("bitbucketConnect.connectRepository", () => {
  let stage: ConnectStage;

  before(async () => {
    stage = await ConnectStage.open();
  });
  after(() => stage.close());
  afterEach(() => {
    stage.bitbucket.faults.clear();
  });

  it("returns a plain result, and the branch is on Bitbucket", async () => {
    const { folder, repository, token, url } = stage.prepare();
    const result = await connect({ folder: vscode.Uri.file(folder), repository, token });
    assert.deepEqual(result, { repository, remote: "origin", url, branch: "main", pushed: true });
    const refs = await stage.bitbucket.refs(repository);
    assert.equal(refs.get("refs/heads/main"), git(folder, "rev-parse", "main"));
  });

  for (const gitAccess of modes) {
    it(`lets the editor and a terminal push and fetch without a word (${gitAccess})`, async () => {
      const helper = addOwnHelper();
      try {
        const { folder, repository, token } = stage.prepare();
        await connect({ folder, repository, token, gitAccess });
        git(folder, "commit", "-q", "--allow-empty", "-m", "More");
        await pushInEditor(folder);
        await gitOnline(folder, "fetch", "-q");
        const refs = await stage.bitbucket.refs(repository);
        assert.equal(refs.get("refs/heads/main"), git(folder, "rev-parse", "main"));
        assert.equal(configText(folder).includes(encodeURIComponent(token)), gitAccess === "remoteUrl");
        const kept = gitAccess === "credentialHelper" ? readFileSync(helper.file, "utf8") : "";
        assert.equal(kept.includes(repository), gitAccess === "credentialHelper");
      } finally {
        helper.remove();
      }
    });

    it(`leaves nothing behind when disconnected (${gitAccess})`, async () => {
      const helper = addOwnHelper();
      try {
        const { folder, repository, token } = stage.prepare();
        git(folder, "remote", "add", "origin", "https://github.com/ada/payments.git");
        const before = configText(folder);
        const email = "code@bots.bitbucket.org";
        await connect({ folder, repository, token, gitAccess, email, existingRemote: "rename" });
        assert.notEqual(configText(folder), before);
        assert.deepEqual(await disconnect({ folder }), { disconnected: [repository] });
        assert.equal(configText(folder), before);
        assert.equal(git(folder, "for-each-ref", "refs/remotes"), "");
      } finally {
        helper.remove();
      }
    });
  }

  it("keeps the remote on disconnect where asked to, and only the sign-in goes", async () => {
    const { folder, repository, token, url } = stage.prepare();
    await connect({ folder, repository, token });
    await disconnect({ folder, keepRemote: true });
    assert.equal(git(folder, "remote", "get-url", "origin"), url);
    assert.ok(!configText(folder).includes("credential"));
  });

  it("takes every spelling of a repository (P23)", async function () {
    this.timeout(60_000);
    const { folder, repository, token } = stage.prepare();
    const { webUrl, apiUrl } = stage.bitbucket;
    const { hostname, host } = new URL(webUrl);
    const spellings = [
      repository,
      `${webUrl}/${repository}`,
      `${webUrl}/${repository}.git/`,
      `http://ada@${host}/${repository}.git`,
      `${webUrl}/${repository}/src/main/`,
      `${webUrl}/${repository}/pull-requests/7/overview`,
      `${webUrl}/${repository}/admin/access-tokens`,
      `${apiUrl}/repositories/${repository}`,
      `git@${hostname}:${repository}.git`,
      `ssh://git@${hostname}/${repository}.git`,
      `git clone ${webUrl}/${repository}.git`,
      `git remote add origin ${webUrl}/${repository}.git`,
    ];
    for (const spelling of spellings) {
      const result = await connect({ folder, repository: spelling, token, push: false });
      assert.equal(result.repository, repository, spelling);
    }
  });

  describe("takes a whole git clone line (P5)", () => {
    const cloneLine = (url: string, token: string) =>
      `git clone ${url.replace("://", `://x-token-auth:${encodeURIComponent(token)}@`)}`;

    it("as the token", async () => {
      const { folder, repository, token, url } = stage.prepare();
      const result = await connect({ folder, token: cloneLine(url, token) });
      assert.deepEqual(result, { repository, remote: "origin", url, branch: "main", pushed: true });
      assert.ok(!configText(folder).includes("x-token-auth"));
    });

    it("as the repository", async () => {
      const { folder, repository, token, url } = stage.prepare();
      const result = await connect({ folder, repository: cloneLine(url, token) });
      assert.equal(result.repository, repository);
      assert.ok(!configText(folder).includes("x-token-auth"));
    });

    it("with the commit address under it", async () => {
      const { folder, token, url } = stage.prepare();
      const email = "abc123@bots.bitbucket.org";
      await connect({ folder, token: `${cloneLine(url, token)}\ngit config user.email ${email}` });
      assert.equal(git(folder, "config", "--local", "user.email"), email);
    });
  });

  it("signs in with an API token and its account (P4)", async () => {
    const { folder, repository } = stage.prepare();
    const { email } = stage.bitbucket.addAccount("ada@example.com");
    const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
    const { secret } = stage.bitbucket.addToken({ kind: "api", account: email, name: "of ada", scopes });
    stage.bitbucket.clearRequests();
    const result = await connect({ folder, repository, token: secret, account: email });
    assert.equal(result.pushed, true);
    await gitOnline(folder, "fetch", "-q");
    const [verification] = stage.bitbucket.requests;
    assert.equal(verification?.scheme, "basic");
    assert.deepEqual(
      new Set(stage.bitbucket.requests.map(({ token }) => token ?? "of ada")),
      new Set(["of ada"]),
    );
  });

  for (const owner of [
    { kind: "project", project: "acme/PROJ" },
    { kind: "workspace", workspace: "acme" },
  ] as const) {
    it(`finds out that a token is a ${owner.kind}'s (P4)`, async () => {
      const { folder, repository } = stage.prepare();
      const { secret } = stage.bitbucket.addToken({ ...owner, name: `a ${owner.kind}'s`, scopes: write });
      const result = await connect({ folder, repository, token: secret });
      assert.equal(result.pushed, true);
      await gitOnline(folder, "fetch", "-q");
    });
  }

  it("changes nothing on Bitbucket while it verifies (P7)", async () => {
    const { folder, repository, token } = stage.prepare();
    stage.bitbucket.clearRequests();
    await connect({ folder, repository, token, scopes: ["repository:write"], push: false });
    assert.deepEqual([...new Set(stage.bitbucket.requests.map(({ method }) => method))], ["GET"]);
    assert.ok(
      stage.bitbucket.requests.some(({ service }) => service === "git-receive-pack"),
      "pushing is proven",
    );
    assert.equal((await stage.bitbucket.refs(repository)).size, 0);
  });

  it("opens no port to the network (P1)", async function () {
    if (process.platform !== "linux") this.skip();
    const { folder, repository, token } = stage.prepare();
    await connect({ folder, repository, token });
    await gitOnline(folder, "fetch", "-q");
    // Bitbucket's own is the proof that this would see one.
    assert.deepEqual(listeningPorts(), [Number(new URL(stage.bitbucket.webUrl).port)]);
  });

  it("shows a second remote in the editor at once (P24)", async () => {
    const { folder, repository, token, url } = stage.prepare();
    const elsewhere = "https://github.com/ada/payments.git";
    git(folder, "remote", "add", "origin", elsewhere);
    await connect({ folder, repository, token, remote: "bitbucket" });
    const { state } = await repositoryIn(folder);
    const remotes = state.remotes.map(({ name, fetchUrl }) => [name, fetchUrl]);
    assert.deepEqual(remotes.sort(), [
      ["bitbucket", url],
      ["origin", elsewhere],
    ]);
  });

  describe("with questions left open", () => {
    for (const [what, argument] of [
      ["no argument", undefined],
      ["a repository alone", { repository: "acme/payments" }],
      ["what isn't a plain object, as the Source Control view passes", new Map()],
    ] as const) {
      it(`opens the form for ${what}, and gives undefined when it is closed`, async () => {
        const result = vscode.commands.executeCommand(commandIds.connectRepository, argument);
        await closeForm();
        assert.equal(await result, undefined);
      });
    }
  });

  it("tells which argument is not of its kind", async () => {
    const command = vscode.commands.executeCommand(commandIds.connectRepository, { repository: 7 });
    await assert.rejects(Promise.resolve(command), { code: "InvalidRepository", field: "repository" });
  });
});

async function closeForm(): Promise<void> {
  const form = await new Promise<vscode.Tab>((resolve) => {
    const look = () => {
      const tab = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(isForm);
      if (!tab) return;
      listener.dispose();
      resolve(tab);
    };
    const listener = vscode.window.tabGroups.onDidChangeTabs(look);
    look();
  });
  try {
    await vscode.window.tabGroups.close(form);
  } catch (error) {
    // VS Code 1.100 knows a webview's tab by another handle once its title is set.
    if (!/tab not found/i.test(String(error))) throw error;
    await closeForm();
  }
}

function isForm({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputWebview && input.viewType.includes("bitbucketConnect.form");
}
