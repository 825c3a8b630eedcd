/** How far several sources may run side by side. */
export interface Lanes {
  /** Sources that are read at the same time. */
  readonly atOnce: number;
  /** The most that a source may have ready before its turn; then it waits. */
  readonly ahead: number;
}

/** A source that is read ahead of its turn. */
interface Lane<T> {
  readonly source: AsyncIterable<T>;
  readonly ready: T[];
  state: 'waiting' | 'running' | 'ended';
  failure?: { readonly error: unknown };
}

/** Reads sources side by side, and gives one after the other; a failure ends everything once its turn has come. */
export async function* sideBySide<T>(
  sources: readonly AsyncIterable<T>[],
  { atOnce, ahead }: Lanes,
): AsyncGenerator<T, undefined> {
  const lanes: readonly Lane<T>[] = sources.map((source) => ({ source, ready: [], state: 'waiting' }));
  const changes = changeSignal();
  const consumer = { left: false };

  async function run(lane: Lane<T>): Promise<void> {
    try {
      for await (const item of lane.source) {
        lane.ready.push(item);
        changes.tell();
        while (lane.ready.length >= ahead && !consumer.left) await changes.next();
        if (consumer.left) return;
      }
    } catch (error) {
      lane.failure = { error };
    } finally {
      lane.state = 'ended';
      startMore();
      changes.tell();
    }
  }

  function startMore(): void {
    for (const lane of lanes) {
      if (consumer.left || lanes.filter(({ state }) => state === 'running').length >= atOnce) return;
      if (lane.state !== 'waiting') continue;
      lane.state = 'running';
      void run(lane);
    }
  }

  try {
    startMore();
    for (const lane of lanes) {
      while (lane.ready.length > 0 || lane.state !== 'ended') {
        const [item] = lane.ready.splice(0, 1);
        if (item === undefined) {
          await changes.next();
        } else {
          changes.tell();
          yield item;
        }
      }
      if (lane.failure !== undefined) throw lane.failure.error;
    }
  } finally {
    consumer.left = true;
    changes.tell();
  }
}

/** Wakes everyone who waits for the next change. */
function changeSignal() {
  let wake: (() => void) | undefined;
  let next: Promise<void> | undefined;
  return {
    next: () =>
      (next ??= new Promise((resolve) => {
        wake = resolve;
      })),
    tell: () => {
      next = undefined;
      wake?.();
    },
  };
}
