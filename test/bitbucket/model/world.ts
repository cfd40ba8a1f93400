import { randomUUID } from "node:crypto";

export interface Project {
  readonly key: string;
  readonly name: string;
  readonly uuid: string;
}

export interface Workspace {
  readonly slug: string;
  readonly name: string;
  readonly uuid: string;
  readonly projects: Project[];
  /** By slug in lower case, in the order they were added. */
  readonly repositories: Map<string, Repository>;
}

export interface Repository {
  readonly workspace: Workspace;
  readonly slug: string;
  readonly fullName: string;
  readonly uuid: string;
  readonly project: Project;
  readonly private: boolean;
  readonly description: string;
  readonly createdOn: string;
  updatedOn: string;
  /** A repository on disk whose branches and tags this one starts with. */
  readonly seedFrom: string | undefined;
  restrictions: Restrictions;
}

/** What a push is refused for. */
export interface Restrictions {
  /** Branches that refuse pushes; shell patterns such as `release/*`. */
  readonly branches?: readonly string[];
  /** Every push is refused with this text, as a hook of the server's would. */
  readonly refusal?: string;
}

export interface RepositoryOptions {
  readonly private?: boolean;
  /** A project's key; the workspace's first project unless given. */
  readonly project?: string;
  readonly description?: string;
  readonly updatedOn?: string | Date;
  readonly seedFrom?: string;
}

/** The workspaces, projects and repositories that exist. Names are compared without regard to case. */
export class World {
  private readonly workspaces = new Map<string, Workspace>();

  addWorkspace(slug: string, name = slug): Workspace {
    const known = this.workspace(slug);
    if (known) return known;
    const workspace: Workspace = { slug, name, uuid: newUuid(), projects: [], repositories: new Map() };
    this.workspaces.set(slug.toLowerCase(), workspace);
    return workspace;
  }

  addProject(workspaceSlug: string, key: string, name = key): Project {
    const workspace = this.addWorkspace(workspaceSlug);
    const known = workspace.projects.find((project) => project.key === key);
    if (known) return known;
    const project: Project = { key, name, uuid: newUuid() };
    workspace.projects.push(project);
    return project;
  }

  addRepository(fullName: string, options: RepositoryOptions = {}): Repository {
    const [workspaceSlug = "", slug = ""] = fullName.split("/");
    if (!workspaceSlug || !slug) throw new Error(`not workspace/slug: ${fullName}`);
    const workspace = this.addWorkspace(workspaceSlug);
    if (workspace.repositories.has(slug.toLowerCase())) throw new Error(`exists already: ${fullName}`);
    const updatedOn = toIsoDate(options.updatedOn ?? new Date());
    const repository: Repository = {
      workspace,
      slug,
      fullName: `${workspace.slug}/${slug}`,
      uuid: newUuid(),
      project: this.projectOf(workspace, options.project),
      private: options.private ?? true,
      description: options.description ?? "",
      createdOn: updatedOn,
      updatedOn,
      seedFrom: options.seedFrom,
      restrictions: {},
    };
    workspace.repositories.set(slug.toLowerCase(), repository);
    return repository;
  }

  allWorkspaces(): readonly Workspace[] {
    return [...this.workspaces.values()];
  }

  workspace(slug: string): Workspace | undefined {
    return this.workspaces.get(slug.toLowerCase());
  }

  repository(fullName: string): Repository | undefined {
    const [workspace = "", slug = ""] = fullName.split("/");
    return this.workspace(workspace)?.repositories.get(slug.toLowerCase());
  }

  /** As Bitbucket does, a workspace without a project gets one when its first repository needs it. */
  private projectOf(workspace: Workspace, key: string | undefined): Project {
    if (key !== undefined) return this.addProject(workspace.slug, key);
    return workspace.projects[0] ?? this.addProject(workspace.slug, "PROJ", "Untitled project");
  }
}

export function newUuid(): string {
  return `{${randomUUID()}}`;
}

function toIsoDate(date: string | Date): string {
  return new Date(date).toISOString();
}
