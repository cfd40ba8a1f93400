import * as l10n from "@vscode/l10n";
import { isDone, type DoneEdit } from "../../git/gitConfigFile";
import { readOnly } from "../../git/openGit";
import { changeConnected, describeEdit, editOf } from "./configChange";
import type { Finding, Repair } from "./finding";
import type { Scene } from "./scene";

const key = "user.email";

/** Whether commits made here carry an address, and the one that was set when connecting. */
export async function checkCommitAddress(scene: Scene): Promise<readonly Finding[]> {
  const { author, subject } = scene;
  if (!subject) return [];
  const address = author?.email;
  const connected = findConnected(scene);
  if (connected && !isDone(address === undefined ? [] : [address], connected))
    return [notTheConnected(scene, address, await findKnown(scene, connected))];
  if (address === undefined) return [missing(scene)];
  return isAddress(address) ? [] : [noAddress(scene, address)];
}

/** What connecting set: known by its digest alone. */
function findConnected({ connections, subject }: Scene): DoneEdit | undefined {
  const record = connections.find(({ remote }) => remote === subject?.remote);
  return record?.edits.find((edit) => edit.key === key && edit.afterDigests.length > 0);
}

/** The address itself, where a branch ends in a commit that carries it. */
async function findKnown({ ports, local }: Scene, connected: DoneEdit): Promise<string | undefined> {
  const output = await ports
    .openGit({ dir: local.root })
    .raw([...readOnly, "for-each-ref", "--format=%(authoremail)", "refs/heads", "refs/remotes"]);
  const addresses = output.split("\n").map((line) => line.replace(/^<(.*)>$/, "$1"));
  return addresses.find((address) => isDone([address], connected));
}

function missing(scene: Scene): Finding {
  return {
    id: "commit-address-missing",
    severity: "warning",
    message: l10n.t("No commit email is set. Use the one Bitbucket showed, or your own."),
    fix: setAddress(scene, scene.subject?.kept?.account),
  };
}

function noAddress(scene: Scene, address: string): Finding {
  return {
    id: "commit-address-wrong",
    severity: "warning",
    message: l10n.t(
      "The commit email “{0}” isn't valid, so Bitbucket can't link commits to an account. Correct it.",
      address,
    ),
    fix: setAddress(scene, scene.subject?.kept?.account),
  };
}

function notTheConnected(scene: Scene, address: string | undefined, known: string | undefined): Finding {
  return {
    id: "commit-address-wrong",
    severity: "warning",
    message: l10n.t(
      "The commit email is {0}, not the one set when connecting, so commits won't carry the token's name. Set it again.",
      address ?? l10n.t("not set"),
    ),
    fix: setAddress(scene, known),
  };
}

function setAddress({ ports, config, configFile, commonDir }: Scene, likely: string | undefined): Repair {
  const edits = (answer: string | undefined) => [editOf(config, key, [answer?.trim() ?? likely ?? ""])];
  return {
    kind: "repair",
    title: l10n.t("Set commit email"),
    question: {
      prompt: l10n.t(
        "The email for commits in this repository: the one Bitbucket showed with the token, or your own.",
      ),
      ...(likely !== undefined && { value: likely }),
      problem: (answer) =>
        isAddress(answer.trim()) ? undefined : l10n.t("This isn't a valid email. Correct it."),
    },
    preview: (answer) => edits(answer).map(describeEdit),
    apply: async (_signal, answer) => ({
      undo: await changeConnected(ports, commonDir, configFile, edits(answer)),
    }),
  };
}

function isAddress(text: string): boolean {
  return /^[^\s\p{Cc}@<>]+@[^\s\p{Cc}@<>]+$/u.test(text);
}
