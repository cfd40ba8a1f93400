import * as l10n from "@vscode/l10n";
import { gitUserNames } from "../bitbucket/token";
import { UserError } from "../errors";
import { helperName } from "./connectionConfig";
import type { GitConfigFile } from "./gitConfigFile";
import { helperSettingsFor, readSettings, type GitSetting } from "./gitSettings";
import type { OpenGit } from "./openGit";

/**
 * Sees to it that git, once our helper is configured for a URL, hands what signs in there to no other one: a helper that
 * git reads after ours survives our empty value. `dir` is where git is run. Throws a UserError that names what is left.
 */
export async function keepOnlyHelper(
  openGit: OpenGit,
  dir: string,
  configFile: GitConfigFile,
  url: string,
): Promise<void> {
  if ((await findOthers(openGit, dir, url)).length === 0) return;
  await moveToEnd(configFile, url);
  const [other] = await findOthers(openGit, dir, url);
  if (other) throw isHandedOn(other);
}

/** What comes later in the config than our section came before it then. */
export async function moveToEnd(configFile: GitConfigFile, url: string): Promise<void> {
  await configFile.revert([], moveSectionToEnd(await configFile.text(), `credential "${url}"`));
}

async function findOthers(openGit: OpenGit, dir: string, url: string): Promise<readonly GitSetting[]> {
  const settings = await readSettings(openGit, dir);
  const helpers = spellings(url).flatMap((one) => helperSettingsFor(settings, one));
  return helpers.filter(({ value }) => !value.includes(helperName));
}

/** git-lfs signs in to a longer path, and hands on what it got with the user's name. */
function spellings(url: string): readonly string[] {
  const named = (one: string) => gitUserNames.map((name) => one.replace("://", `://${name}@`));
  return [url, `${url}/info/lfs`].flatMap((one) => [one, ...named(one)]);
}

function moveSectionToEnd(text: string, name: string): string {
  const parts = text.split(/^(?=[ \t]*\[)/m);
  const isOurs = (part: string) => part.trimStart().startsWith(`[${name}]`);
  const [kept, moved] = [parts.filter((part) => !isOurs(part)), parts.filter(isOurs)];
  return [...kept, ...moved].map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
}

function isHandedOn({ key, file }: GitSetting): UserError {
  const message =
    file === undefined
      ? l10n.t(
          "The environment names another credential helper ({0}, in GIT_CONFIG_…), which would also get the token. Remove it, restart VS Code, then try again.",
          key,
        )
      : l10n.t(
          "{0} names another credential helper ({1}), which would also get the token. Remove it there, then try again.",
          file,
          key,
        );
  return new UserError("GitMissing", message, {
    field: "gitAccess",
    fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }],
  });
}
