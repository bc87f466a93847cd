import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { expect, it } from 'vitest';
import { takeSteps } from './task-steps.ts';

const parser = new MarkdownIt({ html: false });

function stepsIn(text: string): readonly { digest: string; text: string; isWrittenDone: boolean }[] {
  return [...takeSteps(parser.parse(text, {})).values()].map(({ step, isWrittenDone }) => ({
    ...step,
    isWrittenDone,
  }));
}

function digests(text: string): readonly string[] {
  return stepsIn(text).map(({ digest }) => digest);
}

it('finds steps in lists of both kinds, below one another, ticked or not, and nothing else', () => {
  const text = [
    '- [ ] first',
    '  - [x] below *it*',
    '- no step',
    '- [ ]',
    '- [y] none',
    '- [ ](https://a.example)',
    '',
    '1. [X] **third**',
    '',
    '[ ] no item',
  ].join('\n');
  expect(stepsIn(text).map(({ text: words, isWrittenDone }) => [words, isWrittenDone])).toEqual([
    ['first', false],
    ['below it', true],
    ['third', true],
  ]);
});

it('takes the mark out of what is drawn', () => {
  const tokens = parser.parse('- [ ] Look **there**', {});
  takeSteps(tokens);
  const inline = tokens.find(({ type }) => type === 'inline');
  expect(inline?.children?.map(({ content }) => content).join('')).toBe('Look there');
});

it('knows a step again after others were added before and behind it', () => {
  const [look] = digests('# Do\n\n- [ ] Look\n');
  expect(digests('# Do\n\n- [ ] New\n- [ ] Look\n- [ ] Newer\n')[1]).toBe(look);
});

it.each([
  ['other words', '# Do\n\n- [ ] Look there\n'],
  ['another heading', '# Undo\n\n- [ ] Look\n'],
  ['another command', '# Do\n\n- [ ] Look\n\n  ```sh\n  rm -rf /\n  ```\n'],
  ['a step above it', '# Do\n\n- [ ] First\n  - [ ] Look\n'],
])('does not know it again with %s', (_what, edited) => {
  const [look] = digests('# Do\n\n- [ ] Look\n');
  expect(digests(edited)).not.toContain(look);
});

it('cannot tell which of its equals a step was once there are more of them', () => {
  const before = digests('- [ ] Look\n- [ ] Look\n');
  expect(new Set(before).size).toBe(2);
  expect(digests('- [ ] Look\n- [ ] Look\n- [ ] Look\n').filter((one) => before.includes(one))).toEqual([]);
});

it('gives every step of a text another digest, whatever it says, and the same one each time', () => {
  const words = fc.string({ minLength: 1, maxLength: 12 }).map((text) => `w${text.replace(/[\r\n]/g, ' ')}`);
  const list = fc.array(fc.tuple(fc.constantFrom('', '  ', '## H\n\n'), words), { maxLength: 30 });
  fc.assert(
    fc.property(list, (lines) => {
      const text = lines.map(([before, word]) => `${before}- [ ] ${word}`).join('\n');
      const all = digests(text);
      expect(new Set(all).size).toBe(all.length);
      expect(digests(text)).toEqual(all);
      for (const digest of all) expect(digest).toMatch(/^[0-9a-f]{16}$/);
    }),
    { numRuns: 200 },
  );
});
