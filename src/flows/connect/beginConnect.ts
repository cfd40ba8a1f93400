import { remoteUrl } from "../../bitbucket/site";
import { gitUserName } from "../../bitbucket/token";
import { planEdits, urlWithToken, type ConnectionConfig } from "../../git/connectionConfig";
import type { GitConfig } from "../../git/gitConfigText";
import type { LocalRepository } from "../../git/localRepository";
import { isBusy, type Situation } from "./checkConnect";
import type { ConnectRequest } from "./connectRequest";
import type { ConnectWork } from "./connectSteps";
import type { Ports } from "../ports";
import type { Verified } from "./verifyConnect";

/** Plans every change and writes the journal: from here on, whatever happens can be undone. */
export async function beginConnect(
  ports: Ports,
  local: LocalRepository,
  request: ConnectRequest,
  situation: Situation,
  verified: Verified,
): Promise<ConnectWork> {
  const { journal, configFile, remoteIsNew, renamed, commit, commonDir } = situation;
  const connection = await planConnection(ports, request, situation, verified);
  // Bitbucket took a while to answer: the config may be another since.
  const [config, text] = await Promise.all([configFile.read(), configFile.text()]);
  const edits = planEdits(renameInConfig(config, renamed), connection);
  const entry = await journal.begin(
    {
      webUrl: ports.site.webUrl,
      ...verified.repository,
      remote: request.remote,
      remoteIsNew,
      gitAccess: request.gitAccess,
      ...(renamed && { renamed }),
      ...(request.branch !== undefined && { branch: request.branch }),
      ...(commit !== undefined && { commit }),
      edits: [...edits.remote, ...edits.credentials, ...edits.address, ...edits.upstream],
    },
    text,
  );
  if (!entry) throw isBusy();
  return {
    ports,
    local,
    request,
    verified,
    connection,
    edits,
    entry,
    text,
    journal,
    configFile,
    commonDir,
  };
}

async function planConnection(
  ports: Ports,
  request: ConnectRequest,
  situation: Situation,
  verified: Verified,
): Promise<ConnectionConfig> {
  const url = remoteUrl(ports.site, verified.repository);
  const holdsToken = request.gitAccess === "remoteUrl";
  return {
    url,
    remoteUrl: holdsToken ? urlWithToken(url, gitUserName(verified.kind), request.token.secret) : url,
    remote: request.remote,
    credentials: await planCredentials(ports, request),
    email: request.email,
    upstreamOf: followsAnother(situation.config, request) ? undefined : request.branch,
    isRewritten: situation.isRewritten,
    keepsPushUrl: situation.keepsPushUrl,
  };
}

async function planCredentials(
  ports: Ports,
  request: ConnectRequest,
): Promise<ConnectionConfig["credentials"]> {
  switch (request.gitAccess) {
    case "vscode":
      return { kind: "helper", helper: await ports.prepareHelper() };
    case "credentialHelper":
      return { kind: "own" };
    case "remoteUrl":
      return { kind: "url" };
  }
}

/** The branch's upstream is on a remote that stays as it is: a push must not take it away. */
function followsAnother(config: GitConfig, { branch, remote }: ConnectRequest): boolean {
  const follows = config.get(`branch.${branch ?? ""}.remote`)?.[0];
  return follows !== undefined && follows !== remote;
}

/** What `git remote rename` makes of the config. */
function renameInConfig(config: GitConfig, renamed: Situation["renamed"]): GitConfig {
  if (!renamed) return config;
  const { from, to } = renamed;
  const section = `remote.${from}.`;
  const renameValue = (key: string, values: readonly string[]) =>
    /^branch\..*\.(remote|pushremote)$/.test(key)
      ? values.map((value) => (value === from ? to : value))
      : values;
  return new Map(
    [...config].map(([key, values]) =>
      key.startsWith(section)
        ? [`remote.${to}.${key.slice(section.length)}`, values]
        : [key, renameValue(key, values)],
    ),
  );
}
