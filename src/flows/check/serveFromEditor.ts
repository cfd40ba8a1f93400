import { readRemoteUrl } from "../../bitbucket/address";
import { remoteUrl, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import { isSame, type Connection } from "../../credentials/connectionStore";
import { planEdits } from "../../git/connectionConfig";
import type { GitConfigFile } from "../../git/gitConfigFile";
import type { ConfigEdit, GitConfig } from "../../git/gitConfigText";
import { keepOnlyHelper } from "../../git/onlyHelper";
import { isRewritten } from "../../git/gitSettings";
import type { LocalRepository } from "../../git/localRepository";
import { isBusy } from "../connect/checkConnect";
import { finishConnect } from "../connect/finishConnect";
import { Journal } from "../connect/journal";
import type { Ports } from "../ports";
import { recoverConnect } from "../connect/recoverConnect";
import { notTakenBack, undoConnect, type UnfinishedConnect } from "../connect/undoConnect";
import { changeFile } from "./changeFile";
import { changeConfig, undoAll } from "./configChange";
import type { Undo } from "./finding";
import { readHelper } from "./signIns";

/** One git folder, and its URLs of one Bitbucket repository that are to become the clean one. */
export interface Target {
  readonly repository: RepositoryName;
  readonly gitDir: string;
  readonly configFile: GitConfigFile;
  readonly urls: readonly UrlPlace[];
  /** Whether a person's rules rewrite the clean URL, where that is known already. */
  readonly isRewritten?: boolean;
}

/** A value in the config. */
export interface UrlPlace {
  readonly key: string;
  readonly value: string;
}

/** Lets the running editor serve the kept token to git for one repository: the steps of a connect, in one edit. */
export async function serveFromEditor(ports: Ports, local: LocalRepository, target: Target): Promise<Undo> {
  const { gitDir } = target;
  await recoverConnect(ports, local, gitDir);
  const undoHelpers = await takeHelpersOut(ports, target);
  const undoServing = await serve(ports, local, target).catch(async (error: unknown) => {
    await undoHelpers();
    throw error;
  });
  return () => undoAll([undoHelpers, undoServing]);
}

/** A helper with a token in it, under the very key that is ours, is not to come back when this is disconnected. */
async function takeHelpersOut(ports: Ports, { repository, gitDir, configFile }: Target): Promise<Undo> {
  const key = `credential.${remoteUrl(ports.site, repository)}.helper`;
  const values = (await configFile.read()).get(key) ?? [];
  const changes = [...new Set(values)].filter(readHelper).map((value) => ({ from: { key, value } }));
  return changeFile({ ports, commonDir: gitDir, configFile }, configFile.file, changes);
}

async function serve(ports: Ports, local: LocalRepository, target: Target): Promise<Undo> {
  const { repository, gitDir, configFile } = target;
  const records = await ports.connections.get(gitDir);
  const earlier = records.find((one) => isSame(one, { ...ports.site, ...repository }));
  const text = await configFile.text();
  const work = await begin(ports, target, await planServing(ports, local, target), text);
  const restoreRecord = async () => {
    const now = (await ports.connections.get(gitDir)).find((one) => isSame(one, work.entry));
    if (now?.startedAt !== work.entry.startedAt) return; // it has ended, or another connect has come since
    await (earlier ? ports.connections.save(earlier) : ports.connections.remove(now));
  };
  const undoConfig = await connect(ports, work).catch(async (error: unknown) => {
    await undoOrRelease(ports, local, work, error);
    await restoreRecord();
    throw error;
  });
  const undo = async () => {
    await undoConfig();
    await restoreRecord();
  };
  await forgetUrls(ports, gitDir, repository).catch(async (error: unknown) => {
    await undo();
    throw error;
  });
  return undo;
}

interface Work extends UnfinishedConnect {
  readonly planned: readonly ConfigEdit[];
}

/** From here on, whatever happens can be undone. */
async function begin(
  ports: Ports,
  target: Target,
  planned: readonly ConfigEdit[],
  text: string,
): Promise<Work> {
  const { repository, gitDir, configFile } = target;
  const journal = new Journal(gitDir, (id) => ports.tokens.knowsChange(id));
  const names = { webUrl: ports.site.webUrl, ...repository, remote: remoteOf(target) };
  const entry = await journal.begin(
    { ...names, remoteIsNew: false, gitAccess: "vscode", edits: planned },
    text,
  );
  if (!entry) throw isBusy();
  await ports.tokens.noteChange(entry.id).catch(async (error: unknown) => {
    await journal.end(); // nothing is changed yet
    throw error;
  });
  return { entry, planned, text, journal, configFile, commonDir: gitDir };
}

async function connect(ports: Ports, work: Work): Promise<Undo> {
  const undo = await changeConfig(work.configFile, work.planned);
  const url = remoteUrl({ ...ports.site, webUrl: work.entry.webUrl }, work.entry);
  await keepOnlyHelper(ports.openGit, work.commonDir, work.configFile, url);
  await finishConnect(ports, work);
  return undo;
}

/** What can't be undone now is undone by the next try or start. */
async function undoOrRelease(
  ports: Ports,
  local: LocalRepository,
  work: Work,
  error: unknown,
): Promise<void> {
  try {
    await undoConnect(ports, local, work);
  } catch (cause) {
    await work.journal.release();
    throw notTakenBack(error, cause);
  }
}

/** A first URL that names no remote is a branch's own; git pushes there as it would to `origin`. */
function remoteOf({ urls }: Target): string {
  return urls.flatMap(({ key }) => /^remote\.(.+)\./.exec(key)?.[1] ?? [])[0] ?? "origin";
}

/** What will be changed: the URLs, and git's way to the token. */
export async function planServing(
  ports: Ports,
  local: LocalRepository,
  target: Target,
): Promise<readonly ConfigEdit[]> {
  const config = await target.configFile.read();
  const url = remoteUrl(ports.site, target.repository);
  const connected = planEdits(config, {
    url,
    remoteUrl: url,
    remote: remoteOf(target),
    credentials: { kind: "helper", helper: await ports.prepareHelper() },
    email: undefined,
    upstreamOf: undefined,
    isRewritten: target.isRewritten ?? isRewritten((await ports.readRepository(local.root)).settings, url),
  });
  // A person's `insteadOf` rules left the URL with a token alone, and must leave the clean one alone too.
  const guards = connected.remote.filter(({ key }) => key.startsWith("url."));
  return [...replaceUrls(config, target.urls, url), ...guards, ...connected.credentials];
}

/** A key may hold several URLs: the others stay as they are. */
export function replaceUrls(
  config: GitConfig,
  places: readonly UrlPlace[],
  url: string,
): readonly ConfigEdit[] {
  return [...new Set(places.map(({ key }) => key))].map((key) => {
    const before = config.get(key) ?? [];
    const isPlace = (value: string) => places.some((one) => one.key === key && one.value === value);
    return { key, before, after: before.map((value) => (isPlace(value) ? url : value)) };
  });
}

/** Disconnecting must not write a token in plain text again, so the record knows the URLs as clean ones. */
async function forgetUrls(ports: Ports, gitDir: string, repository: RepositoryName): Promise<void> {
  const site = { ...ports.site, ...repository };
  for (const record of await ports.connections.get(gitDir))
    if (isSame(record, site)) await ports.connections.save(withoutTokens(record, ports.site));
}

function withoutTokens(record: Connection, site: BitbucketSite): Connection {
  const dirty = new Map<string, string>();
  const clean = (value: string) => {
    const { repository, secret } = readRemoteUrl(value, site);
    if (!repository || secret === undefined) return value;
    dirty.set(value, remoteUrl(site, repository));
    return remoteUrl(site, repository);
  };
  const edits = record.edits.map((edit) => ({ ...edit, before: edit.before.map(clean) }));
  const text = [...dirty].reduce((all, [value, url]) => all.replaceAll(value, url), record.text);
  return { ...record, edits, text };
}
