import { startBitbucket, type Bitbucket, type MadeToken } from "../../bitbucket/startBitbucket";
import {
  createStage,
  openPorts,
  removeStage,
  useHome,
  type ConnectStage,
  type StageHooks,
} from "./connectStage";

export interface OnStage {
  readonly bitbucket: Bitbucket;
  readonly stage: ConnectStage;
  readonly open: ReturnType<typeof openPorts>;
  /** A repository's, which may push unless its scopes say otherwise. */
  addToken(slug: string, scopes?: readonly string[], name?: string): MadeToken;
}

export const writing = ["repository", "repository:write"];

/** For the tests of a `describe`: one Bitbucket for all, without faults, and for each a person's machine of its own. */
export function onStage(hooks: StageHooks = {}, options: Parameters<typeof startBitbucket>[0] = {}): OnStage {
  let count = 0;
  let bitbucket: Bitbucket;
  let stage: ConnectStage;
  let open: ReturnType<typeof openPorts>;
  before(async () => {
    bitbucket = await startBitbucket(options);
  });
  after(() => bitbucket.close());
  beforeEach(() => {
    bitbucket.faults.clear();
    stage = createStage({ webUrl: bitbucket.webUrl, apiUrl: bitbucket.apiUrl });
    useHome(stage);
    open = openPorts(stage, hooks);
  });
  afterEach(async () => {
    await open.close();
    removeStage(stage);
  });
  return {
    get bitbucket() {
      return bitbucket;
    },
    get stage() {
      return stage;
    },
    get open() {
      return open;
    },
    addToken: (slug, scopes = writing, name = `${slug}-${++count}`) =>
      bitbucket.addToken({ kind: "repository", repository: `acme/${slug}`, scopes, name }),
  };
}
