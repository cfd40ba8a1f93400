import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import { commit, execute, git, tryGit } from "./realGit";
import { useBitbucket } from "./testBed";

describe("the embedded Bitbucket", () => {
  const bed = useBitbucket();

  it("ends the gits it started and removes its folder", async () => {
    bed.bitbucket.addRepository("acme/api");
    const token = bed.writer("acme/api");
    bed.bitbucket.faults.add({ kind: "slowBody", delayMs: Infinity, match: { path: /git-upload-pack$/ } });
    const dir = join(bed.work, "seed");
    await git(bed.work, "init", "--initial-branch=main", dir);
    await commit(dir, "one");
    await git(dir, "push", bed.withUser("x-token-auth", token), "main");
    const hanging = tryGit(bed.work, ["clone", bed.withUser("x-token-auth", token), "first"]);
    while (!bed.bitbucket.requests.some((one) => one.path.endsWith("/git-upload-pack"))) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await bed.bitbucket.close();
    assert.notEqual((await hanging).code, 0);
    assert.equal(existsSync(bed.bitbucket.dir), false);
  });

  it("leaves a folder that it was given", async () => {
    await bed.restart({ dir: join(bed.work, "kept") });
    bed.bitbucket.addRepository("acme/api");
    await bed.bitbucket.gitDir("acme/api");
    await bed.bitbucket.close();
    assert.deepEqual(readdirSync(join(bed.work, "kept", "repositories", "acme")), ["api.git"]);
  });

  it("delays each REST answer by the latency it is given", async () => {
    bed.bitbucket.latencyMs = 120;
    const startedAt = performance.now();
    await bed.rest("/user");
    assert.ok(performance.now() - startedAt >= 110);
  });

  it("speaks TLS with the certificate it is given", async function () {
    const [key, cert] = [join(bed.work, "key.pem"), join(bed.work, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const made = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ];
    if ((await execute("openssl", made, bed.work)).code !== 0) this.skip(); // not every machine has openssl
    await bed.restart({ tls: { key: readFileSync(key), cert: readFileSync(cert) }, hostName: "localhost" });
    bed.bitbucket.addRepository("acme/api", { private: false });
    assert.match(bed.bitbucket.webUrl, /^https:\/\/localhost:/);
    const { port } = new URL(bed.bitbucket.webUrl);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { host: "127.0.0.1", port, path: "/2.0/repositories/acme/api", ca: readFileSync(cert) };
      https
        .get(options, (answer) => {
          resolve(answer.statusCode);
        })
        .on("error", reject);
    });
    assert.equal(status, 200);
    const url = `${bed.bitbucket.webUrl}/acme/api.git`;
    assert.equal((await tryGit(bed.work, ["-c", `http.sslCAInfo=${cert}`, "ls-remote", url])).code, 0);
    assert.match((await tryGit(bed.work, ["ls-remote", url])).stderr, /certificate/);
  });
});
