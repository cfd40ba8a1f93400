import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Project } from "../../bitbucket/createRepository";
import type { FolderFile } from "../../flows/publish/prepareFolderFiles";
import type { Identity } from "../../flows/publish/prepareFolderLook";
import {
  askChoice,
  askStep,
  askText,
  fillLater,
  titled,
  withValue,
  type ChoiceItem,
  type ValueItem,
} from "./publishInputs";
import { isEmail, isPersonName, toFileItems, type NamePlace } from "./publishItems";
import { askRepositoryName } from "./publishName";
import { runSteps, type Step } from "./publishSteps";

/** What a person has answered so far. */
export interface PublishAnswers {
  readonly workspace: string;
  /** Empty: Bitbucket's choice. */
  readonly project: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly writesIgnored: boolean;
  readonly files: readonly string[] | undefined;
  readonly identity: Identity;
}

/** Which of them a caller has answered beforehand. */
export type Given = Partial<PublishAnswers>;

/** Where the answers to choose from come from. */
export interface PublishSource {
  workspaces(signal: AbortSignal): Promise<readonly string[]>;
  projects(workspace: string, signal: AbortSignal): Promise<readonly Project[]>;
  place(workspace: string, slug: string, signal: AbortSignal): Promise<NamePlace>;
  /** What the first commit would take in; undefined where the person does not wait for it. */
  files(writesIgnored: boolean): Promise<readonly FolderFile[] | undefined>;
  readonly folderName: string;
  readonly isFirstCommit: boolean;
  readonly proposal: readonly string[];
  readonly identity: Partial<Identity>;
}

type Ask = Step<PublishAnswers>["ask"];

/** The questions that are still open, one after the other. Undefined where the person went away. */
export async function askPublish(source: PublishSource, given: Given): Promise<PublishAnswers | undefined> {
  const { identity, isFirstCommit, proposal } = source;
  const lacks = (key: keyof PublishAnswers) => given[key] === undefined;
  const knowsPerson = identity.name !== undefined && identity.email !== undefined;
  const commits = ({ files }: PublishAnswers) => isFirstCommit && (files === undefined || files.length > 0);
  const asksPerson = (answers: PublishAnswers) => lacks("identity") && !knowsPerson && commits(answers);
  const steps: Step<PublishAnswers>[] = [
    { isNeeded: () => lacks("workspace"), ask: askWorkspace(source) },
    { isNeeded: () => lacks("project"), ask: askProject(source) },
    { isNeeded: () => lacks("name"), ask: askName(source) },
    { isNeeded: () => lacks("isPrivate"), ask: askPrivate() },
    { isNeeded: () => lacks("writesIgnored") && proposal.length > 0, ask: askIgnored(source) },
    { isNeeded: () => lacks("files") && isFirstCommit, ask: askFiles(source) },
    { isNeeded: asksPerson, ask: askPersonName() },
    { isNeeded: asksPerson, ask: askEmail() },
  ];
  return runSteps(steps, {
    workspace: "",
    project: "",
    name: source.folderName,
    isPrivate: true,
    writesIgnored: true,
    files: undefined,
    ...given,
    identity: given.identity ?? { name: identity.name ?? "", email: identity.email ?? "" },
  });
}

function askWorkspace(source: PublishSource): Ask {
  return (answers, position) => {
    const pick = vscode.window.createQuickPick<ValueItem>();
    pick.placeholder = l10n.t("Choose a workspace, or type its name as in Bitbucket URLs");
    let known: readonly ValueItem[] = [];
    const show = () => {
      const typed = pick.value.trim();
      const isNew = /^[\w-]+$/.test(typed) && !known.some((item) => item.value === typed.toLowerCase());
      pick.items = isNew
        ? [...known, { label: l10n.t("Use {0}", typed), alwaysShow: true, value: typed }]
        : known;
    };
    pick.onDidChangeValue(show);
    return askStep(
      pick,
      titled(position),
      () => withValue(pick, (workspace) => ({ ...answers, workspace })),
      (signal) => {
        const items = source.workspaces(signal).then((found) => {
          known = found.map((value) => ({ label: `$(organization) ${value}`, value }));
          show();
          return pick.items;
        });
        fillLater(pick, items, signal);
      },
    );
  };
}

function askProject(source: PublishSource): Ask {
  return (answers, position) => {
    const pick = vscode.window.createQuickPick<ValueItem>();
    pick.placeholder = l10n.t("Project of {0}", answers.workspace);
    const any = { label: l10n.t("Automatic"), description: l10n.t("Default project"), value: "" };
    pick.items = [any];
    return askStep(
      pick,
      titled(position),
      () => withValue(pick, (project) => ({ ...answers, project })),
      (signal) => {
        const items = source.projects(answers.workspace, signal).then((projects) => [
          any,
          ...projects.map(({ key, name, isPrivate }) => ({
            label: `$(${isPrivate ? "lock" : "project"}) ${name}`,
            description: key,
            value: key,
          })),
        ]);
        fillLater(pick, items, signal);
      },
    );
  };
}

function askName(source: PublishSource): Ask {
  return ({ workspace, name, ...others }, position) =>
    askRepositoryName(source, workspace, name, titled(position), (typed) => ({
      ...others,
      workspace,
      name: typed,
    }));
}

function askPrivate(): Ask {
  return (answers, position) => {
    const items: ChoiceItem[] = [
      {
        label: `$(lock) ${l10n.t("Private")}`,
        description: l10n.t("for people you give access"),
        isChosen: true,
      },
      {
        label: `$(globe) ${l10n.t("Public")}`,
        description: l10n.t("visible to everyone; not possible in a private project"),
        isChosen: false,
      },
    ];
    const placeholder = l10n.t("Who can see {0}?", answers.name);
    return askChoice({ items, placeholder, chosen: answers.isPrivate, position }, (isPrivate) => ({
      ...answers,
      isPrivate,
    }));
  };
}

function askIgnored({ proposal }: PublishSource): Ask {
  return (answers, position) => {
    const items: ChoiceItem[] = [
      { label: l10n.t("Add .gitignore"), detail: proposal.join("  "), isChosen: true },
      { label: l10n.t("Skip"), isChosen: false },
    ];
    const placeholder = l10n.t("Suggested .gitignore");
    return askChoice({ items, placeholder, chosen: answers.writesIgnored, position }, (writesIgnored) => ({
      ...answers,
      writesIgnored,
      files: undefined,
    }));
  };
}

function askFiles(source: PublishSource): Ask {
  return async (answers, position) => {
    const files = await source.files(answers.writesIgnored);
    if (!files) return undefined;
    const items = toFileItems(files, answers.files);
    if (items.length === 0) return { kind: "next", answers: { ...answers, files: [] } };
    const pick = vscode.window.createQuickPick<(typeof items)[number]>();
    pick.canSelectMany = true;
    pick.items = items;
    pick.selectedItems = items.filter((item) => item.picked);
    pick.placeholder = l10n.t("Files in the first commit");
    return askStep(pick, titled(position), () => ({
      ...answers,
      files: pick.selectedItems.map((item) => item.path),
    }));
  };
}

function askPersonName(): Ask {
  return (answers, position) => {
    const prompt = l10n.t("Your name in this repository's commits");
    return askText({ value: answers.identity.name, prompt, isGood: isPersonName, position }, (name) => ({
      ...answers,
      identity: { ...answers.identity, name },
    }));
  };
}

function askEmail(): Ask {
  return (answers, position) => {
    const prompt = l10n.t("Your email in this repository's commits");
    return askText({ value: answers.identity.email, prompt, isGood: isEmail, position }, (email) => ({
      ...answers,
      identity: { ...answers.identity, email },
    }));
  };
}
