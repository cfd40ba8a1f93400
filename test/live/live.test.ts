import { parseAddress } from "../../src/bitbucket/address";
import { describeContract } from "./contract";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };

describe("the real bitbucket.org", function () {
  this.timeout(30_000);
  describeContract(() => {
    const { BITBUCKET_TOKEN = "", BITBUCKET_REPOSITORY = "", BITBUCKET_ACCOUNT: account } = process.env;
    const { repository } = parseAddress(BITBUCKET_REPOSITORY, site);
    return Promise.resolve({
      site,
      repository,
      token: { secret: BITBUCKET_TOKEN, ...(account && { account }) },
    });
  });
});
