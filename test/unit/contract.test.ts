import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";
import { makeSampleRepository } from "../host/sampleRepository.mjs";
import { describeContract } from "../live/contract";

for (const kind of ["repository", "api"] as const) {
  describe(`the embedded Bitbucket, as the real one is asked (${kind} token)`, () => {
    const root = mkdtempSync(join(tmpdir(), "contract-"));
    let bitbucket: Bitbucket;
    after(async () => {
      await bitbucket.close();
      rmSync(root, { recursive: true, force: true });
    });

    describeContract(async () => {
      bitbucket = await startBitbucket();
      const { webUrl, apiUrl } = bitbucket;
      const fullName = "acme/payments";
      bitbucket.addRepository(fullName, { seedFrom: makeSampleRepository(join(root, "seed")) });
      const repository = { workspace: "acme", slug: "payments" };
      const site = { webUrl, apiUrl };
      if (kind === "repository") {
        const scopes = ["repository"];
        const { secret } = bitbucket.addToken({ kind, repository: fullName, scopes, name: "reader" });
        return { site, repository, token: { secret } };
      }
      const account = "ada@example.com";
      bitbucket.addAccount(account);
      const scopes = ["read:repository:bitbucket", "read:workspace:bitbucket", "read:user:bitbucket"];
      const { secret } = bitbucket.addToken({ kind, account, scopes, name: "reader" });
      return { site, repository, token: { secret, account } };
    });
  });
}
