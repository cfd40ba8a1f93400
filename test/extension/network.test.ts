import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { makeCertificate } from "../bitbucket/certificates";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import { assertFails, connect, git, write, type Prepared } from "./support/connectStage";
import { Proxy } from "./support/proxy";

/**
 * The editor's extension host sends what goes through node's `http` and `https` by its own settings: the proxy of
 * `http.proxy` for every host but loopback, and the system's certificates beside Node's, where `http.systemCertificates`
 * is on. https://github.com/microsoft/vscode-proxy-agent
 */
describe("P35: REST honours the editor's proxy and certificate settings", function () {
  let root: string;
  let proxy: Proxy;
  let known: Bitbucket;
  let stranger: Bitbucket;
  let count = 0;
  let distrust: () => void;

  before(async function () {
    // Elsewhere the editor reads the system's certificates in a thread of its own, or through a native module.
    if (process.platform !== "linux") this.skip();
    root = realpathSync(mkdtempSync(join(tmpdir(), "connect-proxy-")));
    proxy = await Proxy.open();
    const authority = makeCertificate("The organisation's authority");
    distrust = trustInSystem(authority.cert);
    known = await openBitbucket("bitbucket.test", authority);
    stranger = await openBitbucket("stranger.test", makeCertificate("Somebody's authority"));
  });
  beforeEach(async () => {
    proxy.reset();
    known.clearRequests();
    stranger.clearRequests();
    await use(known);
    await configure("http.proxy", proxy.url);
  });
  afterEach(async () => {
    for (const name of ["http.proxy", "http.proxySupport", "http.systemCertificates"]) await configure(name);
  });
  after(async () => {
    for (const name of ["bitbucketConnect.webUrl", "bitbucketConnect.apiUrl"]) await configure(name);
    distrust();
    await Promise.all([known.close(), stranger.close(), proxy.close()]);
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  });

  function openBitbucket(hostName: string, issuer: ReturnType<typeof makeCertificate>): Promise<Bitbucket> {
    const tls = makeCertificate(hostName, { hosts: [hostName], issuer });
    return startBitbucket({ tls, hostName, checkContract: false });
  }

  async function use({ webUrl, apiUrl }: Bitbucket): Promise<void> {
    await configure("bitbucketConnect.webUrl", webUrl);
    await configure("bitbucketConnect.apiUrl", apiUrl);
  }

  function prepare(bitbucket = known): Prepared {
    const repository = `acme/proxied-${++count}`;
    bitbucket.addRepository(repository);
    const tokenName = `proxied-${count}`;
    const owner = { kind: "repository", repository } as const;
    const { secret } = bitbucket.addToken({ ...owner, scopes: write, name: tokenName });
    const folder = makeSampleRepository(join(root, `folder-${count}`));
    return { folder, repository, url: `${bitbucket.webUrl}/${repository}.git`, token: secret, tokenName };
  }

  const offline = (prepared: Prepared) =>
    assertFails(connect({ ...prepared, push: false }), "Offline", prepared.token);

  it("through the proxy of http.proxy, with the certificates that the editor trusts; git's proxy stays", async () => {
    const prepared = prepare();
    git(prepared.folder, "config", "http.proxy", "http://gits-own.example:3128");
    const { url } = await connect({ ...prepared, push: false });
    assert.equal(url, prepared.url);
    assert.deepEqual([...new Set(proxy.targets)], [new URL(known.webUrl).host]);
    assert.ok(known.requests.some(({ path }) => path === `/2.0/repositories/${prepared.repository}`));
    assert.equal(git(prepared.folder, "config", "--get-all", "http.proxy"), "http://gits-own.example:3128");
    const { findings } = await vscode.commands.executeCommand<{ findings: readonly { id: string }[] }>(
      "bitbucketConnect.checkConnection",
      { folder: prepared.folder },
    );
    assert.ok(!findings.some(({ id }) => id === "bitbucket-unreachable"), JSON.stringify(findings));
  });

  it("around it where http.proxySupport is off", async () => {
    await configure("http.proxySupport", "off");
    assert.match((await offline(prepare())).message, /Can't reach bitbucket\.test:\d+ \(E[A-Z_]+\)/);
    assert.deepEqual(proxy.targets, []);
  });

  it("to nobody whose certificate the editor doesn't trust: the token stays here", async () => {
    await use(stranger);
    assert.match(
      (await offline(prepare(stranger))).message,
      /doesn't trust the certificate of stranger\.test:\d+/,
    );
    assert.deepEqual(stranger.requests, []);
    assert.notDeepEqual(proxy.targets, []);
  });

  it("to nobody whom only the system trusts, where http.systemCertificates is off", async () => {
    await configure("http.systemCertificates", false);
    assert.match((await offline(prepare())).message, /doesn't trust the certificate of bitbucket\.test:\d+/);
    assert.deepEqual(known.requests, []);
  });

  it("and says so where the proxy can't be reached", async () => {
    await configure("http.proxy", "http://127.0.0.1:1");
    assert.match((await offline(prepare())).message, /proxy for bitbucket\.test:\d+ can't be reached/);
  });

  it("and says so where the proxy wants a sign-in", async () => {
    proxy.refusal = { status: 407, body: "<html>Who are you?</html>" };
    assert.match((await offline(prepare())).message, /proxy for bitbucket\.test:\d+ requires sign-in/);
    assert.deepEqual(known.requests, []);
  });
});

/** Puts a certificate into the system's store, as far as this editor can see. Returns what takes it away. */
function trustInSystem(cert: string): () => void {
  const load = createRequire(join(vscode.env.appRoot, "package.json"));
  const { resetCaches } = load("@vscode/proxy-agent") as { resetCaches: () => void };
  const tls = load("tls") as { getCACertificates: (store?: string) => readonly string[] };
  const original = tls.getCACertificates;
  tls.getCACertificates = (store) => (store === "system" ? [cert] : original(store));
  resetCaches();
  return () => {
    tls.getCACertificates = original;
    resetCaches();
  };
}

async function configure(name: string, value?: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Global);
}
