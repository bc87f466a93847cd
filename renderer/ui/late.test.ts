import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { late } from './late.ts';

function part() {
  const answers: { resolve: (module: string) => void; reject: (error: Error) => void }[] = [];
  const fetched = late(() => new Promise<string>((resolve, reject) => answers.push({ resolve, reject })));
  return { fetched, answers };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('a part that is fetched late', () => {
  it('is fetched once for all who want it, tells them, and stays', async () => {
    const { fetched, answers } = part();
    let told = 0;
    fetched.subscribe(() => told++);
    const both = [fetched.load(), fetched.load()];
    expect([answers.length, fetched.read().kind]).toEqual([1, 'away']);
    answers[0]?.resolve('module');
    expect(await Promise.all(both)).toEqual(['module', 'module']);
    expect(fetched.read()).toEqual({ kind: 'here', module: 'module' });
    expect(await fetched.load()).toBe('module');
    expect([answers.length, told]).toEqual([1, 1]);
  });

  it('that cannot be fetched says so to who waits, and is tried anew for who comes later', async () => {
    const { fetched, answers } = part();
    const leave = fetched.subscribe(() => undefined);
    const failing = fetched.load();
    answers[0]?.reject(new Error('no such file'));
    await expect(failing).rejects.toThrow('no such file');
    expect(fetched.read()).toEqual({ kind: 'missing', reason: 'no such file' });
    leave();
    expect(fetched.read().kind).toBe('away');
    const again = fetched.load();
    answers[1]?.resolve('module');
    expect(await again).toBe('module');
  });

  it('is tried anew for who waits and asks again, and is away meanwhile', async () => {
    const { fetched, answers } = part();
    fetched.subscribe(() => undefined);
    const failing = fetched.load();
    answers[0]?.reject(new Error('no such file'));
    await expect(failing).rejects.toThrow();
    const again = fetched.load();
    expect(fetched.read().kind).toBe('away');
    answers[1]?.resolve('module');
    expect([await again, fetched.read().kind]).toEqual(['module', 'here']);
  });

  it('that nobody waits for is as if never asked when it fails', async () => {
    const { fetched, answers } = part();
    const failing = fetched.load();
    answers[0]?.reject(new Error('the host is gone'));
    await expect(failing).rejects.toThrow();
    expect(fetched.read().kind).toBe('away');
  });

  it('never goes away again once it is here, and fetches never overlap, whatever happens', async () => {
    const step = fc.constantFrom('load', 'resolve', 'reject', 'come', 'leave');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const { fetched, answers } = part();
        const leaves: (() => void)[] = [];
        let open = 0;
        let isHere = false;
        for (const one of steps) {
          const before = answers.length;
          if (one === 'load') fetched.load().catch(() => undefined);
          if (one === 'come') leaves.push(fetched.subscribe(() => undefined));
          if (one === 'leave') leaves.pop()?.();
          if (one === 'resolve' && open > 0) answers[before - 1]?.resolve('module');
          if (one === 'reject' && open > 0) answers[before - 1]?.reject(new Error('gone'));
          if (open > 0 && (one === 'resolve' || one === 'reject')) open--;
          open += answers.length - before;
          await settled();
          expect(open).toBeLessThanOrEqual(1);
          isHere ||= fetched.read().kind === 'here';
          expect(fetched.read().kind === 'here').toBe(isHere);
          if (fetched.read().kind === 'missing') expect(leaves.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('everything late', () => {
  const naming = (order: string[], name: string) => (): Promise<void> =>
    Promise.resolve(void order.push(name));

  it('is fetched one by one, with a turn before each, and what becomes known on the way too', async () => {
    vi.resetModules();
    const fresh = await import('./late.ts');
    const order: string[] = [];
    fresh.late(() => {
      fresh.late(naming(order, 'inner'));
      return naming(order, 'first')();
    });
    fresh.late(naming(order, 'second'));
    await fresh.loadEverythingLate(naming(order, 'turn'));
    expect(order).toEqual(['turn', 'first', 'turn', 'second', 'turn', 'inner']);
  });

  it('stops where one cannot be fetched, and goes on from there the next time', async () => {
    vi.resetModules();
    const fresh = await import('./late.ts');
    const order: string[] = [];
    let isUp = false;
    fresh.late(naming(order, 'first'));
    fresh.late(() => (isUp ? naming(order, 'second')() : Promise.reject(new Error('the host is gone'))));
    await expect(fresh.loadEverythingLate(() => Promise.resolve())).rejects.toThrow('the host is gone');
    isUp = true;
    await fresh.loadEverythingLate(() => Promise.resolve());
    expect(order).toEqual(['first', 'second']);
  });
});
