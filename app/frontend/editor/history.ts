// What can be taken back: states as they were before each edit. Edits that follow each other quickly are one.

/** Milliseconds within which edits of one kind belong together. */
const TOGETHER = 700;
const LIMIT = 300;

export class History<T> {
  private past: T[] = [];
  private future: T[] = [];
  private tag = "";
  private time = -Infinity;

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** Notes the state `before` an edit; an edit of the same kind just before is continued instead. */
  record(before: T, tag: string, now: number): void {
    const continued = tag === this.tag && now - this.time < TOGETHER && this.past.length > 0;
    if (!continued) this.past.push(before);
    if (this.past.length > LIMIT) this.past.shift();
    this.future = [];
    this.tag = tag;
    this.time = now;
  }

  /** The next edit begins anew, whatever it is. */
  seal(): void {
    this.tag = "";
  }

  undo(current: T): T | null {
    return this.move(this.past, this.future, current);
  }

  redo(current: T): T | null {
    return this.move(this.future, this.past, current);
  }

  private move(from: T[], to: T[], current: T): T | null {
    this.seal();
    const found = from.pop();
    if (found === undefined) return null;
    to.push(current);
    return found;
  }
}
