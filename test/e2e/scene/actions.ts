import assert from "node:assert/strict";

/** What a person has to do, counted: a key or a click with what is typed or pasted before it. */
export class Actions {
  private readonly done: string[] = [];

  async do(what: string, work: () => Promise<unknown>): Promise<void> {
    this.done.push(what);
    await work();
  }

  assertAtMost(limit: number): void {
    assert.ok(this.done.length <= limit, `${this.done.length}: ${this.done.join(", ")}`);
  }
}
