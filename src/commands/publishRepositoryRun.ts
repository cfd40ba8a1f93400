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
import type { ConnectPanel } from "../ui/connect/connectPanel";
import { withProgress } from "../ui/progress";
import { publishStepLabel } from "../ui/publish/publishItems";
import { announcePublished, askCreatedRepository } from "../ui/publish/publishPage";
import { ConnectFormHost } from "./connectFormHost";
import { connectedMessage } from "./connectRepository";
import { formValuesFrom } from "./connectRequests";
import type { CommandContext } from "./context";

/** One publishing with what it may have to ask a person on the way. */
export class Publishing {
  constructor(
    private readonly context: CommandContext,
    private readonly panel: ConnectPanel<ConnectOutcome>,
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
        return this.goOnAfterPage(request, outcome.url);
      case "needsToken":
        return this.connectByForm(request, outcome);
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
        l10n.t("VS Code's git does not open {0}. Open the folder in VS Code, then try again.", folder),
      );
    }
    const local = new VscodeRepository(repository);
    await local.refresh();
    return local;
  };

  private async goOnAfterPage(request: PublishRequest, url: string): Promise<ConnectOutcome | undefined> {
    const { site } = this.ports;
    if (this.asksNothing) throw needsPerson(request, url);
    const wanted: RepositoryName = { workspace: request.workspace, slug: toSlug(request.name) };
    const existing = await askCreatedRepository(site, url, wanted);
    return existing && this.run({ ...request, existing });
  }

  /** The form leads to the token's page. Closing it gives publishing up. */
  private async connectByForm(
    request: PublishRequest,
    { repository, undo }: Extract<PublishOutcome, { kind: "needsToken" }>,
  ): Promise<ConnectOutcome | undefined> {
    try {
      if (this.asksNothing) throw needsPerson(request, repositoryPage(this.ports.site, toName(repository)));
      const host = new ConnectFormHost(this.context, vscode.Uri.file(request.folder));
      const connection = await this.panel.open(host, formValuesFrom({ repository }, this.ports.site));
      if (!connection) await undo();
      return connection;
    } catch (error) {
      await undo();
      throw error;
    }
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
      "Cancelled. {0} was created on Bitbucket and is empty; publishing again goes on with it.",
      repository,
    );
    return announcePublished(message, repositoryPage(this.ports.site, toName(repository)));
  }
}

function toName(repository: string): RepositoryName {
  const [workspace = "", slug = ""] = repository.split("/");
  return { workspace, slug };
}
