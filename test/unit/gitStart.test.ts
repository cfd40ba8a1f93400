import assert from "node:assert/strict";
import { setImmediate as afterEvents } from "node:timers/promises";
import { isInitialized, listenToGit } from "../../src/git/gitStart";
import type { GitApi, GitExtension } from "../../src/git/vscodeGitApi";

type State = GitApi["state"];

describe("VS Code's git, while it starts", () => {
  let git: StartingGit;
  let told: (State | "off")[];
  beforeEach(() => {
    git = new StartingGit();
    told = [];
  });

  const listen = () =>
    listenToGit(git.extension, () => {
      told.push(git.extension.enabled ? git.extension.getAPI(1).state : "off");
    });

  it("is ready at once where it has its repositories", async () => {
    git.enable();
    git.setState("initialized");
    assert.equal(await isInitialized(git.extension.getAPI(1), 0), true);
    assert.equal(git.listeners, 0);
  });

  it("is ready as soon as it has them", async () => {
    git.enable();
    const ready = isInitialized(git.extension.getAPI(1), 60_000);
    git.setState("initialized");
    assert.equal(await ready, true);
    assert.equal(git.listeners, 0);
  });

  it("is told of when it is ready, however long after the wait for it has ended", async () => {
    git.enable();
    assert.equal(await isInitialized(git.extension.getAPI(1), 1), false);
    assert.equal(git.listeners, 0);
    listen();
    git.setState("initialized");
    await afterEvents();
    assert.deepEqual(told, ["initialized"]);
  });

  it("is told of when it is switched on, and once more when it is ready", async () => {
    listen();
    git.enable();
    await afterEvents();
    git.setState("initialized");
    await afterEvents();
    assert.deepEqual(told, ["uninitialized", "initialized"]);
  });

  it("is told of when it goes", async () => {
    git.enable();
    listen();
    git.disable();
    await afterEvents();
    assert.deepEqual(told, ["off"]);
    assert.equal(git.listeners, 1);
  });

  it("is no longer listened to at the end, not even in the middle of a change", async () => {
    const listening = listen();
    git.enable();
    listening.dispose();
    await afterEvents();
    assert.equal(git.listeners, 0);
  });
});

/** The git extension's exports: an API there is with a model, which the extension is still busy with when it tells. */
class StartingGit {
  private state: State = "uninitialized";
  private isEnabled = false;
  private isBusy = false;
  private readonly onState = new Set<(state: State) => unknown>();
  private readonly onEnablement = new Set<(isEnabled: boolean) => unknown>();
  readonly extension: GitExtension;

  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const git = this;
    const api = {
      get state() {
        return git.state;
      },
      onDidChangeState: eventOf(this.onState),
    } as unknown as GitApi;
    this.extension = {
      get enabled() {
        return git.isEnabled;
      },
      onDidChangeEnablement: eventOf(this.onEnablement),
      getAPI: () => {
        if (!git.isEnabled || git.isBusy) throw new Error("Git model not found");
        return api;
      },
    };
  }

  get listeners(): number {
    return this.onState.size + this.onEnablement.size;
  }

  setState(state: State): void {
    this.state = state;
    for (const listener of this.onState) listener(state);
  }

  enable(): void {
    this.change(true);
  }

  disable(): void {
    this.change(false);
  }

  private change(isEnabled: boolean): void {
    this.isEnabled = isEnabled;
    this.isBusy = true;
    for (const listener of this.onEnablement) listener(isEnabled);
    this.isBusy = false;
  }
}

function eventOf<T>(listeners: Set<(value: T) => unknown>) {
  return (listener: (value: T) => unknown) => {
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  };
}
