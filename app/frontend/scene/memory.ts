// Results remembered by key until what they were made from changes: a step makes anew only what it changes.

export type Memory<T> = Map<string, { of: readonly unknown[]; made: T }>;

export function remember<T>(
  memory: Memory<T>,
  key: string,
  of: readonly unknown[],
  make: () => T,
): T {
  const known = memory.get(key);
  if (known && known.of.length === of.length && known.of.every((each, at) => each === of[at]))
    return known.made;
  const made = make();
  memory.set(key, { of, made });
  return made;
}

/** A memory for each owner, forgotten with it. */
export function memories<T>(): (owner: object) => Memory<T> {
  const known = new WeakMap<object, Memory<T>>();
  return (owner) => {
    let found = known.get(owner);
    if (!found) known.set(owner, (found = new Map()));
    return found;
  };
}
