import * as l10n from "@vscode/l10n";
import { nameFault, nameFaultMessage, toSlug } from "../../bitbucket/slug";
import type { FileWarning, FolderFile } from "../../flows/publish/prepareFolderFiles";
import type { PublishStepId } from "../../flows/publish/publishRequest";
import { stepLabel } from "../connect/stepWords";

/** What is under a name on Bitbucket; `unknown` until it has answered, and where no token sees it. */
export type NamePlace = "free" | "empty" | "taken" | "unknown";

export interface NameWords {
  readonly text: string;
  readonly kind: "hint" | "warning" | "problem";
}

/** What a person reads under the name while typing it. A problem stands in the way. */
export function describeName(name: string, workspace: string, place: NamePlace): NameWords {
  const fault = nameFault(name);
  if (fault) return { text: nameFaultMessage(fault), kind: "problem" };
  const slug = toSlug(name);
  const address = `${workspace}/${slug}`;
  switch (place) {
    case "taken":
      return { text: l10n.t("{0} already exists. Choose another name.", address), kind: "problem" };
    case "empty":
      return { text: l10n.t("{0} exists and is empty. It will be used.", address), kind: "warning" };
    case "free":
    case "unknown":
      return slug === name
        ? { text: l10n.t("Its URL: {0}", address), kind: "hint" }
        : { text: l10n.t("Bitbucket's URL for it: {0}", address), kind: "hint" };
  }
}

export interface FileItem {
  readonly label: string;
  readonly description: string;
  readonly picked: boolean;
  readonly path: string;
}

/** What would be committed: what should be looked at comes first and is not ticked. */
export function toFileItems(files: readonly FolderFile[], chosen: readonly string[] | undefined): FileItem[] {
  const wanted = chosen && new Set(chosen);
  const items = files.map((file) => ({
    label: file.warning ? `$(warning) ${file.path}` : file.path,
    description: file.warning ? warningWords(file.warning, file.sizeBytes) : "",
    picked: wanted ? wanted.has(file.path) : !file.warning,
    path: file.path,
    isWarned: file.warning !== undefined,
  }));
  return [...items.filter((item) => item.isWarned), ...items.filter((item) => !item.isWarned)].map(
    ({ label, description, picked, path }) => ({ label, description, picked, path }),
  );
}

function warningWords(warning: FileWarning, sizeBytes: number): string {
  switch (warning) {
    case "big":
      return l10n.t("large: {0} MB", Math.round(sizeBytes / 1024 / 1024));
    case "secret":
      return l10n.t("looks like a secret");
    case "repository":
      return l10n.t("its own repository: Git stores a link to it, not its files");
  }
}

/** What git takes in a commit. https://git-scm.com/docs/git-commit#_commit_information */
export function isPersonName(text: string): boolean {
  return /[^\s\p{P}\p{Cc}]/u.test(text) && !/[<>\p{Cc}]/u.test(text);
}

export function isEmail(text: string): boolean {
  return /^[^\s\p{Cc}@<>]+@[^\s\p{Cc}@<>]+$/u.test(text);
}

/** What each step of publishing is called while it runs. */
export function publishStepLabel(id: PublishStepId): string {
  switch (id) {
    case "look":
      return l10n.t("Check the folder and Bitbucket");
    case "prepare":
      return l10n.t("Create the first commit");
    case "create":
      return l10n.t("Create the repository on Bitbucket");
    case "check":
    case "verify":
    case "store":
    case "remote":
    case "credentials":
    case "address":
    case "push":
      return stepLabel(id);
  }
}
