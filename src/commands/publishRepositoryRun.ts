import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { repositoryPage } from "../bitbucket/pages";
import type { RepositoryName } from "../bitbucket/site";
import { toSlug } from "../bitbucket/slug";
import type { ConnectOutcome } from "../flows/connect/connectRequest";
import type { Ports } from "../flows/ports";
import { cannotPublish } from "../flows/publish/prepareFolderLook";
import { publishRepository } from "../flows/publish/publishRepository";
import type { OpenLocal, PublishOutcome, PublishRequest } from "../flows/publish/publishRequest";
import { needsPerson } from "../flows/publish/publishWords";
import type { GitApi } from "../git/vscodeGitApi";
import { findRepository, VscodeRepository } from "../git/vscodeRepository";
import { withProgress } from "../ui/progress";
import { publishStepLabel } from "../ui/publish/publishItems";
import { announcePublished } from "../ui/publish/publishPage";
import { connectedMessage } from "./connectRepository";
import type { CommandContext } from "./context";
import { addPushToken, startPublishing } from "./publishRepositoryStart";

/** One publishing with what it may have to ask a person on the way. */
export class Publishing {
  constructor(
    private readonly context: CommandContext,
    private readonly git: GitApi,
    private readonly ports: Ports,
    /** Whether to fail where only a person could help. */
    private readonly asksNothing: boolean,
  ) {}

  async run(request: PublishRequest): Promise<ConnectOutcome | undefined> {
    const outcome = await this.behindProgress(request);
    switch (outcome?.kind) {
      case undefined:
        return undefined;
      case "cancelled":
        if (outcome.created !== undefined) void this.announceCreated(outcome.created);
        return undefined;
      case "needsPage":
        return this.goOnWithAnother(request, outcome.url);
      case "needsToken":
        return this.addTokenAndGoOn(request, outcome);
      case "published":
        this.announce(request, outcome.connection);
        return outcome.connection;
    }
  }

  private behindProgress(request: PublishRequest): Promise<PublishOutcome | undefined> {
    const { ports, context } = this;
    return withProgress(l10n.t("Publishing {0}", `${request.workspace}/${request.name}`), (signal, say) =>
      publishRepository(
        ports,
        this.openLocal,
        request,
        (id, state, detail) => {
          const label = publishStepLabel(id);
          if (state === "running") say(detail ? `${label}: ${detail}` : label);
          else context.log.step(label, state);
        },
        signal,
      ),
    );
  }

  /** A repository that was made a moment ago is shown as it is now. */
  private readonly openLocal: OpenLocal = async (folder) => {
    const repository = await findRepository(this.git, vscode.Uri.file(folder));
    if (!repository) {
      throw cannotPublish(
        l10n.t("VS Code's Git can't open {0}. Open the folder in VS Code, then try again.", folder),
      );
    }
    const local = new VscodeRepository(repository);
    await local.refresh();
    return local;
  };

  /** The workspace is another than those that the tokens may create in. */
  private async goOnWithAnother(request: PublishRequest, url: string): Promise<ConnectOutcome | undefined> {
    if (this.asksNothing) throw needsPerson(request, url);
    const { workspace, name } = request;
    const wanted: RepositoryName = { workspace, slug: toSlug(name) };
    const started = await startPublishing({ ports: this.ports, workspace, wanted });
    return started && this.run(started === "token" ? request : { ...request, existing: started.existing });
  }

  /** The folder is as it was meanwhile: going away needs nothing more. */
  private async addTokenAndGoOn(
    request: PublishRequest,
    { repository, undo }: Extract<PublishOutcome, { kind: "needsToken" }>,
  ): Promise<ConnectOutcome | undefined> {
    await undo();
    const existing = toName(repository);
    if (this.asksNothing) throw needsPerson(request, repositoryPage(this.ports.site, existing));
    return (await addPushToken(this.ports, existing)) ? this.run({ ...request, existing }) : undefined;
  }

  private announce({ folder }: PublishRequest, connection: ConnectOutcome): void {
    const repository = toName(connection.repository);
    if (connection.pushed) this.context.onPushed(repository);
    this.context.log.note(`Published ${folder} as ${connection.repository}.`);
    const message = [connectedMessage(connection), ...connection.notes].join(" ");
    void announcePublished(message, repositoryPage(this.ports.site, repository));
  }

  private announceCreated(repository: string): Promise<void> {
    const message = l10n.t(
      "Cancelled. Bitbucket created {0}, which is empty; publishing again uses it.",
      repository,
    );
    return announcePublished(message, repositoryPage(this.ports.site, toName(repository)));
  }
}

function toName(repository: string): RepositoryName {
  const [workspace = "", slug = ""] = repository.split("/");
  return { workspace, slug };
}
