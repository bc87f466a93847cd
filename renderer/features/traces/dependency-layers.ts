import type { Dependencies } from '#shared/model/trace.ts';

/** Where services stand so that calls go from left to right, as far as they do not go round in a circle. */

export interface PlacedService {
  readonly name: string;
  /** Column from the left, and row within it. */
  readonly layer: number;
  readonly place: number;
}

type Links = Dependencies['links'];

/** Each service one column after the last of those that call it; a call that closes a circle is left out. */
export function layersOf(links: Links): readonly PlacedService[] {
  const called = new Map<string, string[]>();
  for (const { parent, child } of links) {
    const children = called.get(parent) ?? [];
    if (parent !== child) children.push(child);
    called.set(parent, children);
    if (!called.has(child)) called.set(child, []);
  }
  const layers = new Map<string, number>();
  for (const name of inCallOrder(called)) {
    const layer = layers.get(name.service) ?? 0;
    layers.set(name.service, layer);
    for (const child of name.forward) layers.set(child, Math.max(layers.get(child) ?? 0, layer + 1));
  }
  const sizes: number[] = [];
  return [...layers].map(([name, layer]) => {
    const place = sizes[layer] ?? 0;
    sizes[layer] = place + 1;
    return { name, layer, place };
  });
}

interface Ordered {
  readonly service: string;
  /** What it calls, without what calls it in turn. */
  readonly forward: readonly string[];
}

/** Callers before those they call: depth first, from those that nobody calls. */
function inCallOrder(called: ReadonlyMap<string, readonly string[]>): readonly Ordered[] {
  const callees = new Set([...called.values()].flat());
  const roots = [...called.keys()].filter((name) => !callees.has(name));
  const state = new Map<string, 'open' | 'done'>();
  const order: Ordered[] = [];
  for (const root of [...roots, ...called.keys()]) {
    const path: { readonly service: string; readonly forward: string[]; next: number }[] = [];
    const enter = (service: string): void => {
      state.set(service, 'open');
      path.push({ service, forward: [], next: 0 });
    };
    if (!state.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = called.get(top.service)?.[top.next];
      top.next++;
      if (child === undefined) {
        state.set(top.service, 'done');
        order.unshift({ service: top.service, forward: top.forward });
        path.pop();
      } else if (state.get(child) !== 'open') {
        top.forward.push(child);
        if (!state.has(child)) enter(child);
      }
    }
  }
  return order;
}
