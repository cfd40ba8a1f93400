import { startBitbucket, type Bitbucket } from "../bitbucket/startBitbucket";

export interface SampleToken {
  readonly purpose: string;
  readonly secret: string;
  readonly botEmail: string;
}

export interface Sample {
  readonly bitbucket: Bitbucket;
  readonly repository: string;
  /** The first one does what connecting needs. */
  readonly tokens: readonly SampleToken[];
}

const repository = "acme/payments";
const yearMs = 365 * 24 * 60 * 60 * 1000;

/** A Bitbucket with a workspace, an empty repository and tokens to try, good ones and others. */
export async function startSampleBitbucket(dir: string): Promise<Sample> {
  const bitbucket = await startBitbucket({ dir, checkContract: false });
  bitbucket.addRepository(repository);
  const account = bitbucket.addAccount("ada@example.com");
  const owner = { kind: "repository", repository } as const;
  const expires = new Date(Date.now() + yearMs);
  const write = ["repository", "repository:write"];
  const requests = [
    { purpose: "reads and pushes", ...owner, scopes: write, expires },
    {
      purpose: "reads only: connecting with a push says which scope it lacks",
      ...owner,
      scopes: ["repository"],
    },
    { purpose: "lacks Repositories: Read", ...owner, scopes: ["pullrequest"] },
    { purpose: "has expired", ...owner, scopes: write, expires: new Date(Date.now() - yearMs) },
    { purpose: "belongs to the whole workspace", kind: "workspace", workspace: "acme", scopes: write },
    {
      purpose: `an API token of ${account.email}, which may create repositories`,
      kind: "api",
      account: account.email,
      scopes: apiScopes,
    },
  ] as const;
  const tokens = requests.map(({ purpose, ...request }) => ({
    purpose,
    ...bitbucket.addToken({ ...request, name: purpose }),
  }));
  return { bitbucket, repository, tokens };
}

const apiScopes = [
  "read:user:bitbucket",
  "read:workspace:bitbucket",
  "read:repository:bitbucket",
  "write:repository:bitbucket",
  "admin:repository:bitbucket",
];

/** What Bitbucket shows, once, when an access token is made. */
export function pageSnippet({ bitbucket, repository }: Sample, { secret, botEmail }: SampleToken): string {
  const { protocol, host } = new URL(bitbucket.webUrl);
  const url = `${protocol}//x-token-auth:${secret.replaceAll("=", "%3D")}@${host}/${repository}.git`;
  return `git clone ${url}\ngit config user.email ${botEmail}`;
}
