import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidentOfLink, incidentOfTexts } from './deep-link.ts';

/** A hundred and more that look like it: each is what a page, a mail or another program could hand over. */
const hostile: readonly unknown[] = [
  // Nothing, and what is no text.
  '',
  ' ',
  undefined,
  null,
  7,
  {},
  [],
  ['opssight://incident/7'],
  { toString: () => 'opssight://incident/7' },
  // Half of it.
  'opssight',
  'opssight:',
  'opssight:/',
  'opssight://',
  'opssight:///',
  'opssight://incident',
  'opssight://incident/',
  'opssight:incident/7',
  'opssight:/incident/7',
  'opssight:///incident/7',
  'incident/7',
  '7',
  // Other schemes.
  'http://incident/7',
  'https://incident/7',
  'file://incident/7',
  'javascript:opssight://incident/7',
  'app://opssight/',
  'opssights://incident/7',
  'xopssight://incident/7',
  'OPSSIGHT://incident/7',
  'Opssight://incident/7',
  'opssight\u0000://incident/7',
  'data:text/html,opssight://incident/7',
  'view-source:opssight://incident/7',
  // Other hosts, ports and users.
  'opssight://incidents/7',
  'opssight://Incident/7',
  'opssight://INCIDENT/7',
  'opssight://incident.evil.example/7',
  'opssight://evil.example/incident/7',
  'opssight://show',
  'opssight://settings/7',
  'opssight://silence/7',
  'opssight://ack/7',
  'opssight://incident:80/7',
  'opssight://incident:/7',
  'opssight://user@incident/7',
  'opssight://user:pw@incident/7',
  'opssight://@incident/7',
  'opssight://incident@evil.example/7',
  'opssight://incident%2F7',
  'opssight://incident\\7',
  'opssight:\\\\incident\\7',
  'opssight://\u0456ncident/7',
  'opssight://in\u00ADcident/7',
  'opssight://localhost/incident/7',
  // Paths.
  'opssight://incident//7',
  'opssight://incident/./7',
  'opssight://incident/../7',
  'opssight://incident/7/',
  'opssight://incident/7/..',
  'opssight://incident/7/acknowledge',
  'opssight://incident/..%2F7',
  'opssight://incident/%37',
  'opssight://incident/%2e%2e/7',
  'opssight://incident/../../etc/passwd',
  'opssight://incident/7;a=b',
  'opssight://incident/7%00',
  'opssight://incident/C:\\7',
  'opssight://incident/7\\',
  'opssight://incident/#7',
  'opssight://incident/?7',
  'opssight://incident/[7]',
  // Queries and fragments.
  'opssight://incident/7?',
  'opssight://incident/7?a=1',
  'opssight://incident/7#',
  'opssight://incident/7#x',
  'opssight://incident/7?redirect=https://evil.example',
  'opssight://incident/7&8',
  'opssight://incident/7#/settings/sources',
  // Numbers that are none, or not ours.
  'opssight://incident/0',
  'opssight://incident/00',
  'opssight://incident/07',
  'opssight://incident/-7',
  'opssight://incident/+7',
  'opssight://incident/7.0',
  'opssight://incident/7,0',
  'opssight://incident/1e3',
  'opssight://incident/0x7',
  'opssight://incident/0b1',
  'opssight://incident/7n',
  'opssight://incident/1_000',
  'opssight://incident/NaN',
  'opssight://incident/Infinity',
  'opssight://incident/a',
  'opssight://incident/1000000000000000',
  'opssight://incident/9007199254740993',
  `opssight://incident/${'9'.repeat(400)}`,
  // Digits of other scripts, which some take for digits.
  'opssight://incident/\u0667',
  'opssight://incident/\uFF17',
  'opssight://incident/\u096D',
  'opssight://incident/7\u0660',
  'opssight://incident/\u{1D7D5}',
  'opssight://incident/\u00B2',
  'opssight://incident/\u2166',
  'opssight://incident/7\u200B',
  'opssight://incident/\u202E7',
  'opssight://incident/7\uFEFF',
  // Blanks, ends of lines, NUL.
  ' opssight://incident/7',
  'opssight://incident/7 ',
  'opssight://incident/ 7',
  'opssight://incident/7\n',
  '\nopssight://incident/7',
  'opssight://incident/7\r\nX: y',
  'opssight://incident/7\u0000',
  'opssight://incident/7\u0000.exe',
  '\topssight://incident/7',
  'opssight://incident/7\u2028',
  // What a command line could take for more than one thing.
  '"opssight://incident/7"',
  "'opssight://incident/7'",
  'opssight://incident/7" --inspect="',
  'opssight://incident/7 --no-sandbox',
  '--url=opssight://incident/7',
  'opssight://incident/7;calc',
  'opssight://incident/$(id)',
  'opssight://incident/`id`',
  'opssight://incident/%PATH%',
  `opssight://incident/7${' '.repeat(1e4)}`,
  'opssight://incident/7'.repeat(3),
  'x'.repeat(1e6),
];

describe('links to an incident', () => {
  it('are of this one form', () => {
    expect(incidentOfLink('opssight://incident/7')).toBe(7);
    expect(incidentOfLink('opssight://incident/120')).toBe(120);
    expect(incidentOfLink('opssight://incident/999999999999999')).toBe(999_999_999_999_999);
  });

  it('are refused in every other', () => {
    expect(hostile.length).toBeGreaterThanOrEqual(100);
    const taken = hostile.filter((text) => incidentOfLink(text) !== undefined);
    expect(taken).toEqual([]);
    expect(incidentOfTexts(hostile)).toBeUndefined();
  });

  it('are whole numbers that are written in one way only, wherever a text differs', () => {
    const near = fc.tuple(
      fc.constantFrom('opssight://incident/', 'opssight://incident', 'opssight:/incident/'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(near, ([start, rest]) => {
        const id = incidentOfLink(start + rest);
        if (id === undefined) return;
        expect(Number.isSafeInteger(id) && id > 0).toBe(true);
        expect(`opssight://incident/${id}`).toBe(start + rest);
      }),
      { numRuns: 500 },
    );
  });

  it('one start opens one: the first, wherever it stands on the command line', () => {
    const line = ['/opt/OpsSight/opssight', '--no-sandbox', 'opssight://show', 'opssight://incident/3'];
    expect(incidentOfTexts([...line, 'opssight://incident/4'])).toBe(3);
    expect(incidentOfTexts(['/opt/OpsSight/opssight', '.'])).toBeUndefined();
  });
});
