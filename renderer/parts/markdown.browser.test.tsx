import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, it, vi } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { Markdown } from './markdown.tsx';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function shown(text: string): Promise<HTMLElement> {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  root.render(createElement(Markdown, { text }));
  cleanup.add(() => {
    root.unmount();
    place.remove();
  });
  await vi.waitFor(() => expect(place.firstChild).not.toBeNull());
  return place;
}

it('keeps the spaces around what is bold and around code', async () => {
  const place = await shown('Errors of **backend** above 0.1. Look for `QueuePool limit` there.');
  expect(place.textContent).toBe('Errors of backend above 0.1. Look for QueuePool limit there.');
});

it('keeps a command as it stands, line for line, and writes out what cannot be seen', async () => {
  const place = await shown('```sh\nfor pod in a b; do\n  kubectl drain \u202E"$pod"\ndone\n```\n');
  expect(place.querySelector('pre')?.textContent).toBe(
    'for pod in a b; do\n  kubectl drain \\u{202E}"$pod"\ndone',
  );
});
