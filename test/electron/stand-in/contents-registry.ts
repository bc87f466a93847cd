import type { Page } from 'playwright';
import type { StandInWebContents } from './web-contents.ts';

/** Which page belongs to which webContents; apart, so that requests can ask without knowing windows. */

export type { StandInWebContents } from './web-contents.ts';

const byPage = new Map<Page, StandInWebContents>();
const opening = new Set<Promise<unknown>>();

export function contentsOfPage(page: Page): StandInWebContents | undefined {
  return byPage.get(page);
}

function enter(page: Page, contents: StandInWebContents): void {
  byPage.set(page, contents);
  page.once('close', () => byPage.delete(page));
}

/** Notes that a page is being opened on purpose. */
export async function opens(contents: StandInWebContents, open: () => Promise<Page>): Promise<Page> {
  const opened = open();
  const entered = opened.then((page) => enter(page, contents));
  opening.add(entered);
  try {
    await entered;
    return await opened;
  } finally {
    opening.delete(entered);
  }
}

/** Resolves once every page that is being opened on purpose is known. */
export async function whenOpened(): Promise<void> {
  await Promise.allSettled(opening);
}
