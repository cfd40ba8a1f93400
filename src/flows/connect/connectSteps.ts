import * as l10n from "@vscode/l10n";
import { readAdvertisement } from "../../bitbucket/gitAdvertisement";
import { gitUserName } from "../../bitbucket/token";
import { approve, isKept } from "../../credentials/gitCredential";
import type { StoredToken } from "../../credentials/tokenStore";
import { UserError } from "../../errors";
import type { ConnectionConfig, ConnectionEdits } from "../../git/connectionConfig";
import type { ConfigEdit } from "../../git/gitConfigText";
import { isConfigLocked } from "../../git/gitConfigFile";
import type { LocalRepository } from "../../git/localRepository";
import { keepOnlyHelper } from "../../git/onlyHelper";
import { pushBranch } from "../../git/push";
import { toPushRefusal } from "../../failures/push";
import type { ConnectRequest } from "./connectRequest";
import type { Ports } from "../ports";
import type { UnfinishedConnect } from "./undoConnect";
import type { Verified } from "./verifyConnect";

/** A connect under way, with all that its steps need. */
export interface ConnectWork extends UnfinishedConnect {
  readonly ports: Ports;
  readonly local: LocalRepository;
  readonly request: ConnectRequest;
  readonly verified: Verified;
  readonly connection: ConnectionConfig;
  readonly edits: ConnectionEdits;
}

/** A token of the environment stays where it is, and no older one may stand before it. */
export async function storeToken({ ports, request, verified, entry }: ConnectWork): Promise<void> {
  const { secret, account } = request.token;
  const isFromEnvironment = (await ports.tokens.fallback())?.secret === secret;
  const token: StoredToken = {
    secret,
    kind: verified.kind,
    scopes: [...verified.scopes],
    savedAt: new Date().toISOString(),
    ...(account !== undefined && { account }),
    ...(request.expires !== undefined && { expires: request.expires }),
  };
  const { site, tokens } = ports;
  await tokens.changeDurably(entry.id, site, verified.repository, isFromEnvironment ? undefined : token);
}

/** Through the editor where it has the means, so that its views follow; but its log would show a token. */
export async function setRemote({ local, entry, connection, edits, configFile }: ConnectWork): Promise<void> {
  if (entry.renamed) await local.renameRemote(entry.renamed.from, entry.renamed.to);
  const isClean = connection.remoteUrl === connection.url;
  const isAdded =
    entry.remoteIsNew && isClean && (await unlessLocked(local.addRemote(connection.remote, connection.url)));
  // What `git remote add` has set is left to it.
  const isOurs = ({ key }: ConfigEdit) => !isAdded || !/^remote\..*\.(url|fetch)$/.test(key);
  await configFile.apply(edits.remote.filter(isOurs));
}

export async function letGitSignIn({
  ports,
  local,
  request,
  verified,
  connection,
  edits,
  configFile,
}: ConnectWork) {
  await configFile.apply(edits.credentials);
  if (request.gitAccess === "vscode")
    await keepOnlyHelper(ports.openGit, local.root, configFile, connection.url);
  if (request.gitAccess !== "credentialHelper") return;
  const username = gitUserName(verified.kind);
  const credential = { url: connection.url, username, password: request.token.secret };
  await approve(ports.openGit, local.root, credential);
  if (!(await isKept(ports.openGit, local.root, credential))) throw helperKeepsNothing();
}

export async function setAddress({ local, edits, configFile }: ConnectWork): Promise<void> {
  for (const edit of edits.address) {
    const [address] = edit.after;
    const isOne = edit.before.length <= 1 && address !== undefined;
    if (isOne && (await unlessLocked(local.setConfig(edit.key, address)))) continue;
    await configFile.apply([edit]);
  }
}

/**
 * False where it could not be done: the editor writes to the config too (`vscode-merge-base`), and doesn't wait for its
 * turn; our own edit does.
 */
async function unlessLocked(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (isConfigLocked(error)) return false;
    throw error;
  }
}

/** A push that failed on its way back has arrived all the same, so Bitbucket is asked before it counts as failed. */
export async function pushFirst(
  work: ConnectWork,
  onProgress: (detail: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { ports, local, request, edits, configFile, verified } = work;
  const branch = request.branch ?? "";
  try {
    await pushBranch(ports.openGit, {
      dir: local.root,
      remote: request.remote,
      branch,
      setUpstream: false,
      signal,
      onProgress: (stage, percent) => {
        onProgress(`${stage} ${percent} %`);
      },
    });
  } catch (error) {
    if (!(await hasArrived(work))) {
      throw toPushRefusal(error, {
        site: ports.site,
        repository: verified.repository,
        kind: verified.kind,
        branch,
      });
    }
  }
  // Not by Git: it may outlive a killed editor, and only warns where another program holds the config.
  await configFile.apply(edits.upstream);
}

const arrivalTimeoutMs = 5_000;

async function hasArrived({ ports, request, verified, entry }: ConnectWork): Promise<boolean> {
  const refs = await readAdvertisement(ports.send, {
    site: ports.site,
    repository: verified.repository,
    kind: verified.kind,
    secret: request.token.secret,
    scopes: verified.scopes,
    service: "git-receive-pack",
    signal: AbortSignal.timeout(arrivalTimeoutMs),
  }).catch(() => undefined); // no answer, no proof
  return (
    refs !== undefined &&
    entry.commit !== undefined &&
    refs.get(`refs/heads/${entry.branch ?? ""}`) === entry.commit
  );
}

function helperKeepsNothing(): UserError {
  return new UserError(
    "GitMissing",
    l10n.t(
      "Git's credential helper didn't store the token. Choose another helper (git config --global credential.helper), or use VS Code.",
    ),
    {
      field: "gitAccess",
      fixes: [{ kind: "retry", title: l10n.t("Use VS Code"), change: { gitAccess: "vscode" } }],
    },
  );
}
