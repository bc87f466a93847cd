import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceDraft } from '#shared/model/settings.ts';
import { checkDraft, removeSourceFrom, saveSourceIn } from './edit-configuration.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { draftOf, literalDraftOf, maskedSecret } from './source-draft.ts';

const file = 'opssight.yaml';
const written = `# The console of the platform team.
environment: production   # shown in the top bar

sources:
  # the European one
  - name:   prometheus-eu   # do not rename
    kind: prometheus
    url: "https://prometheus.example/eu"     # behind the VPN
    # credentials come from the vault
    authentication: { kind: bearer, token: "\${file:~/token}" }
    tls:
      caFile: ca.pem
      # asked for by security
    poll: 30s

  # the pager
  - name: alerts
    kind: alertmanager
    url: http://127.0.0.1:9093
    headers:
      X-Team: 'a'
# the end
`;

function sources(text: string): SourceDraft[] {
  return (parseConfiguration(text, file).configuration?.sources ?? []).map(literalDraftOf);
}

function draft(changes: Partial<SourceDraft> = {}): SourceDraft {
  return {
    name: 'new',
    kind: 'prometheus',
    url: 'http://new.example',
    authentication: { kind: 'none' },
    headers: [],
    tenant: '',
    tls: { caFile: '', certFile: '', keyFile: '', pinnedSha256: '', serverName: '' },
    proxy: 'system',
    pollSeconds: 15,
    timeoutSeconds: 10,
    ...changes,
  };
}

function saved(text: string, changed: SourceDraft, replaces: string | null): string {
  const result = saveSourceIn({ text, file }, changed, replaces);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

describe('saving a source', () => {
  it('changes its own lines and no other', () => {
    const [first = draft()] = sources(written);
    const text = saved(
      written,
      {
        ...first,
        url: 'https://prometheus.example/other',
        tls: { ...first.tls, serverName: 'eu.example' },
        tenant: 'a',
        pollSeconds: 20,
      },
      'prometheus-eu',
    );
    expect(text).toBe(
      written
        .replace('"https://prometheus.example/eu"', 'https://prometheus.example/other')
        .replace(
          '      # asked for by security\n',
          '      # asked for by security\n      serverName: eu.example\n',
        )
        .replace('    poll: 30s\n', '    poll: 20s\n    tenant: a\n'),
    );
  });

  it('adds one after the last, indented like the others, defaults left out', () => {
    const authentication = { kind: 'basic', username: 'u', password: '${env:P}' } as const;
    expect(saved(written, draft({ authentication, timeoutSeconds: 2.5 }), null)).toBe(
      written.replace(
        "      X-Team: 'a'\n",
        `      X-Team: 'a'
  - name: new
    kind: prometheus
    url: http://new.example
    authentication:
      kind: basic
      username: u
      password: "\${env:P}"
    timeout: 2s500ms
`,
      ),
    );
  });

  it.each([
    ['', 'sources:\n  - name: new\n    kind: prometheus\n    url: http://new.example\n'],
    [
      '# only words',
      '# only words\nsources:\n  - name: new\n    kind: prometheus\n    url: http://new.example\n',
    ],
    [
      'sources: [] # none\noperator: x\n',
      'sources: # none\n  - name: new\n    kind: prometheus\n    url: http://new.example\noperator: x\n',
    ],
    [
      'sources:\noperator: x\n',
      'sources:\n  - name: new\n    kind: prometheus\n    url: http://new.example\noperator: x\n',
    ],
    [
      'operator: x\r\n',
      'operator: x\r\nsources:\r\n  - name: new\r\n    kind: prometheus\r\n    url: http://new.example\r\n',
    ],
    [
      '{"operator":"x"}',
      '{"operator":"x", sources: [{ name: new, kind: prometheus, url: http://new.example }]}',
    ],
    [
      'sources:\n- name: a\n  kind: prometheus\n  url: http://a',
      'sources:\n- name: a\n  kind: prometheus\n  url: http://a\n- name: new\n  kind: prometheus\n  url: http://new.example',
    ],
    [
      'sources:\n  - {name: a, kind: prometheus, url: http://a}\n',
      'sources:\n  - {name: a, kind: prometheus, url: http://a}\n  - name: new\n    kind: prometheus\n    url: http://new.example\n',
    ],
  ])('fits into %j', (text, expected) => {
    expect(saved(text, draft(), null)).toBe(expected);
  });

  it('quotes what YAML would read as something else', () => {
    const tricky = [
      '15',
      'null',
      '~',
      'true',
      '- a',
      'a: b',
      'a #b',
      '#',
      '"',
      "'",
      '*a',
      '&a',
      '@a',
      ' a',
      'é☃',
      '{',
      '\\',
    ];
    for (const value of tricky) {
      const text = saved('', draft({ headers: [{ name: 'X-A', value }] }), null);
      expect(sources(text)[0]?.headers).toEqual([{ name: 'X-A', value }]);
    }
  });

  it('keeps a literal secret that comes back masked, and does not send it elsewhere', () => {
    const text = written.replace('"${file:~/token}"', 'hunter2');
    const [entry] = parseConfiguration(text, file).configuration?.sources ?? [];
    if (entry === undefined) throw new Error('no source');
    const shown = draftOf(entry);
    expect(shown.authentication).toEqual({ kind: 'bearer', token: maskedSecret });
    expect(saved(text, { ...shown, tenant: 't' }, 'prometheus-eu')).toContain('token: hunter2 }');
    expect(
      saveSourceIn({ text, file }, { ...shown, url: 'https://elsewhere.example' }, 'prometheus-eu'),
    ).toMatchObject({
      ok: false,
      failure: {
        code: 'invalid-input',
        message: 'The token is masked, and nothing is stored for this server.',
      },
    });
    expect(saveSourceIn({ text, file }, { ...shown, name: 'second' }, null)).toMatchObject({ ok: false });
  });

  it('refuses a file with errors, and says where the first one is', () => {
    const text = written.replace('kind: alertmanager', 'kind: alertmanger');
    expect(saveSourceIn({ text, file }, draft(), null)).toMatchObject({
      ok: false,
      failure: {
        code: 'conflict',
        message: expect.stringContaining('opssight.yaml:18:11 sources[1].kind: found "alertmanger"'),
      },
    });
  });

  it('refuses a draft that the file would not accept, with every mistake by its key', () => {
    const wrong = draft({ url: 'ftp://x', pollSeconds: 0.2, headers: [{ name: 'Host', value: 'x' }] });
    const result = checkDraft(wrong);
    expect(result.ok ? '' : result.failure.message.split('\n').map((line) => line.split(';')[0])).toEqual([
      'url: found "ftp://x"',
      'headers.Host: the console sets Host itself',
      'poll: found "200ms"',
    ]);
    const twice = [
      { name: 'X-A', value: '1' },
      { name: 'X-A', value: '2' },
    ];
    expect(checkDraft(draft({ headers: twice }))).toMatchObject({ ok: false });
  });

  it('refuses a name that is taken, and a source that is gone', () => {
    const taken = saveSourceIn({ text: written, file }, draft({ name: 'alerts' }), null);
    const gone = saveSourceIn({ text: written, file }, draft(), 'removed meanwhile');
    expect([taken, gone]).toMatchObject([
      { ok: false, failure: { code: 'conflict' } },
      { ok: false, failure: { code: 'conflict' } },
    ]);
  });

  it('refuses what would change another source through a shared anchor', () => {
    const text = `sources:
  - { name: a, kind: prometheus, url: "https://a", tls: &tls { caFile: x } }
  - { name: b, kind: prometheus, url: "https://b", tls: *tls }
`;
    const [a = draft(), b = draft()] = sources(text);
    const shared = saveSourceIn({ text, file }, { ...a, tls: { ...a.tls, caFile: 'y' } }, 'a');
    expect(shared).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    expect(saved(text, { ...b, tls: { ...b.tls, caFile: 'y' } }, 'b')).toContain('tls: { caFile: y } }');
    expect(removeSourceFrom({ text, file }, 'a')).toMatchObject({ ok: false, failure: { code: 'conflict' } });
  });
});

describe('removing a source', () => {
  it('takes its lines and leaves the rest', () => {
    const result = removeSourceFrom({ text: written, file }, 'alerts');
    const kept = written.slice(0, written.indexOf('  - name: alerts'));
    expect(result).toEqual({ ok: true, value: `${kept}# the end\n` });
  });

  it('may leave none', () => {
    const one = removeSourceFrom({ text: written, file }, 'alerts');
    const none = one.ok ? removeSourceFrom({ text: one.value, file }, 'prometheus-eu') : one;
    expect(none.ok && sources(none.value)).toEqual([]);
  });

  it('works in brackets', () => {
    const text =
      '{"sources": [{"name":"a","kind":"prometheus","url":"http://a"}, {"name":"b","kind":"prometheus","url":"http://b"}]}';
    const first = removeSourceFrom({ text, file }, 'a');
    expect(first).toEqual({
      ok: true,
      value: '{"sources": [{"name":"b","kind":"prometheus","url":"http://b"}]}',
    });
    const last = removeSourceFrom({ text, file }, 'b');
    expect(last).toEqual({
      ok: true,
      value: '{"sources": [{"name":"a","kind":"prometheus","url":"http://a"}]}',
    });
  });

  it('says what it cannot find', () => {
    expect(removeSourceFrom({ text: written, file }, 'x')).toMatchObject({
      ok: false,
      failure: { code: 'not-found' },
    });
  });
});

describe('any edit', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const maybe = fc.oneof(fc.constant(''), word);
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((value) => !/[\p{Cc}\p{Cf}\u2028\u2029]|\$\{/u.test(value));
  const draftArbitrary: fc.Arbitrary<SourceDraft> = fc.record({
    name: text.filter((value) => value === value.trim()),
    kind: fc.constantFrom('prometheus' as const, 'alertmanager' as const),
    url: word.map((value) => `https://${value}.example`),
    authentication: fc.oneof(
      fc.constant({ kind: 'none' as const }),
      fc.record({ kind: fc.constant('basic' as const), username: word, password: text }),
      fc.record({ kind: fc.constant('bearer' as const), token: fc.constant('${env:TOKEN}') }),
    ),
    headers: fc.uniqueArray(fc.record({ name: word.map((value) => `X-${value}`), value: text }), {
      selector: (header) => header.name,
      maxLength: 3,
    }),
    tenant: maybe,
    tls: fc.record({
      caFile: maybe,
      certFile: fc.constant(''),
      keyFile: fc.constant(''),
      pinnedSha256: fc.constant(''),
      serverName: maybe,
    }),
    proxy: fc.constantFrom('system', 'none', 'http://proxy.example:3128'),
    pollSeconds: fc.integer({ min: 1, max: 3_600 }),
    timeoutSeconds: fc.integer({ min: 1, max: 300 }),
  });

  /** A file as people write them: comments everywhere, blocks and brackets mixed. */
  const fileArbitrary = fc
    .tuple(
      fc.uniqueArray(draftArbitrary, { selector: (each) => each.name, minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
    )
    .map(([drafts, choices]) => {
      const next = (count: number): number => Number(choices.next().value) % count;
      let comments = 0;
      const comment = (indentation: number): string[] =>
        next(2) === 0
          ? []
          : [`${' '.repeat(indentation)}# comment ${++comments}`, ...(next(3) === 0 ? [''] : [])];
      const tail = (): string => (next(3) === 0 ? `  # tail ${++comments}` : '');
      const block = (entries: [string, unknown][], indentation: number): string[] =>
        entries.flatMap(([key, value]) => {
          const start = ' '.repeat(indentation) + key;
          if (typeof value !== 'object' || value === null) {
            return [...comment(indentation), `${start}: ${JSON.stringify(value)}${tail()}`];
          }
          if (next(2) === 0) return [`${start}: ${JSON.stringify(value)}${tail()}`];
          return [
            ...comment(indentation),
            `${start}:${tail()}`,
            ...block(Object.entries(value), indentation + 2),
            ...comment(indentation + 2),
          ];
        });
      const items = drafts.flatMap((each) => {
        const { pollSeconds, timeoutSeconds, headers, tls, tenant, ...rest } = each;
        const keys = {
          ...rest,
          tls,
          tenant,
          headers: Object.fromEntries(headers.map((header) => [header.name, header.value])),
          poll: pollSeconds,
          timeout: timeoutSeconds,
        };
        const lines = block(
          Object.entries(keys).filter(
            ([, value]) => typeof value !== 'object' || Object.keys(value).length > 0,
          ),
          4,
        );
        const [first = ''] = lines.splice(
          lines.findIndex((line) => line.startsWith('    name:')),
          1,
        );
        return [...comment(2), `  - ${first.trimStart()}`, ...lines, ...comment(4)];
      });
      const top = [
        ...comment(0),
        'environment: "x"',
        ...comment(0),
        'sources:',
        ...items,
        ...comment(2),
        ...comment(0),
      ];
      return {
        text: top.join(next(5) === 0 ? '\r\n' : '\n') + (next(2) === 0 ? '\n' : ''),
        names: drafts.map((each) => each.name),
      };
    });

  const commentLines = (yaml: string): string[] =>
    yaml
      .split(/\r?\n/)
      .filter((line) => /^\s*#/.test(line))
      .toSorted();

  /** The lines of a file without those of one source; all of them where there is no such source. */
  const linesOutside = (yaml: string, name: string | null): string[] => {
    const { configuration } = parseConfiguration(yaml, file);
    const entries = configuration?.sources ?? [];
    const index = entries.findIndex((entry) => entry.name === name);
    const lineOf = (at: number): number => configuration?.positions.get(`sources[${at}]`)?.line ?? 1;
    const lines = yaml.split(/\r?\n/);
    if (index === -1) return lines;
    const end = index + 1 < entries.length ? lineOf(index + 1) - 1 : lines.length;
    return [...lines.slice(0, lineOf(index) - 1), ...lines.slice(end)];
  };

  /** Whether the parts stand in the whole, in the same order. */
  const isWithin = (parts: readonly string[], whole: readonly string[]): boolean => {
    let next = 0;
    for (const line of whole) if (line === parts[next]) next++;
    return next === parts.length;
  };

  it('says exactly what was asked, keeps every comment line, and every line outside of its source', () => {
    fc.assert(
      fc.property(fileArbitrary, draftArbitrary, fc.nat(), ({ text: before, names }, changed, choice) => {
        const replaces = names[choice % (names.length + 1)] ?? null;
        fc.pre(!names.some((name) => name === changed.name && name !== replaces));
        const result = saveSourceIn({ text: before, file }, changed, replaces);
        if (!result.ok) throw new Error(`${result.failure.message}\n${before}`);
        const after = sources(result.value);
        const sorted = (each: SourceDraft | undefined): unknown => ({
          ...each,
          headers: each?.headers.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
        });
        expect(sorted(after.find((each) => each.name === changed.name))).toEqual(sorted(changed));
        expect(after.filter((each) => each.name !== changed.name)).toEqual(
          sources(before).filter((each) => each.name !== replaces),
        );
        expect(commentLines(result.value)).toEqual(commentLines(before));
        expect(isWithin(linesOutside(before, replaces), result.value.split(/\r?\n/))).toBe(true);
      }),
      { numRuns: 250 },
    );
  });

  it('that removes a source keeps all the others', () => {
    fc.assert(
      fc.property(fileArbitrary, fc.nat(), ({ text: before, names }, choice) => {
        const name = names[choice % names.length] ?? '';
        const result = removeSourceFrom({ text: before, file }, name);
        if (!result.ok) throw new Error(`${result.failure.message}\n${before}`);
        expect(sources(result.value)).toEqual(sources(before).filter((each) => each.name !== name));
      }),
      { numRuns: 100 },
    );
  });
});
