import { describe, expect, it } from 'vitest';
import { emptyForm } from '../../stores/traces.ts';
import { formatDuration, readDuration } from '../../parts/trace-duration.ts';
import { layersOf } from './dependency-layers.ts';
import { readTags, searchOf } from './search-form.ts';
import { logQueryOf } from './traces-commands.ts';

describe('the search line', () => {
  it('reads tags, quoted ones too, and refuses what is none', () => {
    expect(readTags(' a=1  b="x \\"y\\" z" c= ')).toEqual({
      ok: true,
      value: [
        { key: 'a', value: '1' },
        { key: 'b', value: 'x "y" z' },
        { key: 'c', value: '' },
      ],
    });
    for (const wrong of ['a', '=1', 'a="b', 'a="b"c', 'a = b']) expect(readTags(wrong).ok).toBe(false);
  });

  it('reads durations with their unit, and writes them', () => {
    expect(['1.5s', '200ms', '3us', '2m', '', 'soon', '5'].map(readDuration)).toEqual([
      1.5e9,
      2e8,
      3e3,
      1.2e11,
      null,
      undefined,
      undefined,
    ]);
    expect([5.02e9, 6.4e8, 12_500, 7, 1.25e11].map(formatDuration)).toEqual([
      '5.02 s',
      '640 ms',
      '12.5 µs',
      '7 ns',
      '2m 05s',
    ]);
  });

  it('wants a service, a limit within bounds, and durations in their order', () => {
    const wanted = { source: '', service: 'a', form: emptyForm, range: { fromMs: 0, toMs: 1 } };
    expect(searchOf(wanted).ok).toBe(true);
    expect(searchOf({ ...wanted, service: ' ' }).ok).toBe(false);
    expect(searchOf({ ...wanted, form: { ...emptyForm, limit: '1501' } }).ok).toBe(false);
    const turned = { ...emptyForm, minDuration: '2s', maxDuration: '1s' };
    expect(searchOf({ ...wanted, form: turned }).ok).toBe(false);
  });
});

describe('from a trace elsewhere', () => {
  it('quotes a service in the query for its logs', () => {
    expect(logQueryOf('a"} |= "b', 'ff')).toBe('{service="a\\"} |= \\"b"} |= "ff"');
  });
});

describe('dependencies', () => {
  it('stand after all that call them, circles left out', () => {
    const call = (parent: string, child: string) => ({ parent, child, callCount: 1 });
    const placed = layersOf([call('a', 'b'), call('b', 'c'), call('a', 'c'), call('c', 'a'), call('c', 'c')]);
    expect(placed.map(({ name, layer }) => `${name}${layer}`)).toEqual(['a0', 'b1', 'c2']);
  });
});
