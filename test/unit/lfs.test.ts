import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectRepository } from "../../src/flows/connect/connectRepository";
import { cloneRepository } from "../../src/flows/clone/cloneRepository";
import { changeGitSetUp } from "../../src/flows/setUp/setUpGit";
import { addOwnHelper, connectRequest, createRepository, git, gitOnline } from "./support/connectStage";
import { onStage, writing } from "./support/onStage";

/** Debian's package has it; a machine without it plays the exact requests. */
function hasLfs(): boolean {
  try {
    execFileSync("git", ["lfs", "version"], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

describe("Git LFS", () => {
  const on = onStage({}, { checkContract: false });
  const { signal } = new AbortController();
  let count = 0;

  function addRepository() {
    const slug = `large-${++count}`;
    on.bitbucket.addRepository(`acme/${slug}`);
    return { slug, ...on.addToken(slug, writing, slug), repository: { workspace: "acme", slug } };
  }

  describe("by its own program", () => {
    before(function () {
      if (!hasLfs()) {
        console.log("      git-lfs is not installed here: its exact requests are played below");
        this.skip();
      }
    });

    async function connected() {
      const { slug, secret, repository } = addRepository();
      const local = createRepository(on.stage, slug, 1);
      await connectRepository(
        on.open.ports,
        local,
        connectRequest({ repository, token: { secret } }),
        () => undefined,
        signal,
      );
      return { slug, repository, root: local.root };
    }
    function commitLarge(root: string): Buffer {
      git(root, "lfs", "install", "--local");
      git(root, "lfs", "track", "*.bin");
      const content = randomBytes(200_000);
      writeFileSync(join(root, "large.bin"), content);
      git(root, "add", ".");
      git(root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "large");
      return content;
    }
    const lfsRequests = () => on.bitbucket.requests.filter(({ path }) => path.includes("/info/lfs/"));

    it("uploads, downloads and locks in a connected repository, and no other helper is asked", async () => {
      const spy = addOwnHelper(on.stage);
      const { slug, repository, root } = await connected();
      const content = commitLarge(root);
      on.bitbucket.clearRequests();
      await gitOnline(root, "push", "-q", "origin", "main");
      const directory = join(on.stage.root, "clones");
      const request = { repository, directory, gitAccess: "vscode", useBotEmail: false } as const;
      const clone = await cloneRepository(on.open.ports, request, () => undefined, signal);
      assert.ok(clone);
      git(clone.folder, "lfs", "install", "--local");
      await gitOnline(clone.folder, "lfs", "pull");
      assert.deepEqual(readFileSync(join(clone.folder, "large.bin")), content);
      await gitOnline(root, "lfs", "lock", "large.bin");
      assert.match(await gitOnline(clone.folder, "lfs", "locks"), /large\.bin/);
      await gitOnline(root, "lfs", "unlock", "large.bin");
      assert.equal(await gitOnline(clone.folder, "lfs", "locks"), "");
      const signedIn = lfsRequests().filter(({ token }) => token !== undefined);
      assert.ok(signedIn.length >= 5);
      for (const { token, status } of signedIn)
        assert.deepEqual([token, Math.floor((status ?? 0) / 100)], [slug, 2]);
      assert.equal(spy.calls(), "");
    });

    it("works in a clone of any Git once Git is set up", async () => {
      const { root, slug } = await connected();
      const content = commitLarge(root);
      await gitOnline(root, "push", "-q", "origin", "main");
      await changeGitSetUp(on.open.ports, true);
      git(on.stage.home, "lfs", "install");
      const url = `${on.bitbucket.webUrl}/acme/${slug}.git`;
      on.bitbucket.clearRequests();
      await gitOnline(on.stage.home, "clone", "-q", url, "plain");
      assert.deepEqual(readFileSync(join(on.stage.home, "plain", "large.bin")), content);
      assert.ok(lfsRequests().some(({ token, status }) => token === slug && status === 200));
      rmSync(join(on.stage.home, "plain"), { recursive: true });
    });

    it("gets nothing for another host that a stranger's .lfsconfig names (P42)", async () => {
      const { root } = await connected();
      commitLarge(root);
      const other = on.bitbucket.webUrl.replace("127.0.0.1", "localhost");
      writeFileSync(join(root, ".lfsconfig"), `[lfs]\n\turl = ${other}/acme/evil.git/info/lfs\n`);
      on.bitbucket.clearRequests();
      await assert.rejects(gitOnline(root, "push", "-q", "origin", "main"));
      assert.ok(lfsRequests().length > 0);
      assert.ok(lfsRequests().every(({ token }) => token === undefined));
    });
  });

  describe("at the embedded Bitbucket, request by request", () => {
    const oid = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"; // of "hello"
    const basic = (secret: string) => `Basic ${Buffer.from(`x-token-auth:${secret}`).toString("base64")}`;
    const ask = async (path: string, body: unknown, authorization?: string) => {
      const answer = await fetch(on.bitbucket.webUrl + path, {
        method: "POST",
        headers: {
          ...(authorization !== undefined && { authorization }),
          "content-type": "application/vnd.git-lfs+json",
        },
        body: JSON.stringify(body),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    const batch = (slug: string, operation: string, authorization?: string) =>
      ask(
        `/acme/${slug}.git/info/lfs/objects/batch`,
        { operation, objects: [{ oid, size: 5 }] },
        authorization,
      );
    const hrefIn = (text: string) => /"href":"([^"]+)"/.exec(text)?.[1] ?? "";

    it("asks for a name, takes the token, and keeps its store apart", async () => {
      const { slug, secret } = addRepository();
      const anonymous = await batch(slug, "download");
      assert.equal(anonymous.status, 401);
      assert.match(anonymous.headers.get("www-authenticate") ?? "", /^Basic realm=/);
      const upload = await batch(slug, "upload", basic(secret));
      assert.equal(upload.status, 200);
      const put = (body: string) => fetch(hrefIn(upload.text), { method: "PUT", body });
      assert.equal((await put("other")).status, 422);
      assert.equal((await put("hello")).status, 200);
      const download = await batch(slug, "download", basic(secret));
      assert.equal(await (await fetch(hrefIn(download.text))).text(), "hello");
      assert.equal((await fetch(hrefIn(download.text).replace(/\?.*/, ""))).status, 403);
      assert.doesNotMatch((await batch(slug, "upload", basic(secret))).text, /href/, "it is there");
    });

    it("lets a token that can only read download, and not upload or lock", async () => {
      const { slug } = addRepository();
      const reader = basic(on.addToken(slug, ["repository"]).secret);
      assert.equal((await batch(slug, "download", reader)).status, 200);
      assert.equal((await batch(slug, "upload", reader)).status, 403);
      assert.equal((await ask(`/acme/${slug}.git/info/lfs/locks`, { path: "a" }, reader)).status, 403);
    });
  });
});
