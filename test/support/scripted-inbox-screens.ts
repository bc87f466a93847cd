import { inboxShown, night, type ScreenState } from './scripted-screens.ts';

/** The states of the inbox's filter and of its saved views. */
export const inboxStates: Readonly<Record<string, ScreenState>> = {
  'inbox-filter': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('severity=warning service=~"post.*"');
      await page.keyboard.press('Enter');
      await page.getByRole('row', { name: /DiskSpaceLow/ }).waitFor();
    },
  },
  'inbox-filter-completed': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('severity=warning service=');
      await page.getByRole('option', { name: /backend/ }).waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  'inbox-filter-unknown': {
    core: () => night({ facts: new Map([[413, [{ receivers: ['pager'] }]]]) }),
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('@receiver=pager');
      await page.keyboard.press('Enter');
      await page.getByText('May match').waitFor();
    },
  },
  'inbox-views': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      const views = [
        { name: 'Warnings', filter: 'severity=warning' },
        { name: 'Databases', filter: 'service=~"post.*|redis"' },
        { name: 'Fresh pages', filter: '@age<15m @severity=critical @acked-by=""' },
        { name: 'Pager', filter: '@receiver=pager' },
        { name: 'From an older console', filter: '@colour=red' },
      ];
      const kept = JSON.stringify({ theme: 'system', views });
      await page.evaluate((text) => localStorage.setItem('opssight.preferences', text), kept);
      await page.reload();
      await inboxShown(page);
      await page.keyboard.press('v');
      await page.keyboard.press('2');
      await page.getByRole('button', { name: /Databases \d/, pressed: true }).waitFor();
    },
  },
  'inbox-view-named': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('severity=warning');
      await page.keyboard.press('Enter');
      await page.keyboard.press('v');
      await page.keyboard.press('s');
      await page.keyboard.type('Warnings');
      await page.getByLabel('Name of the view').waitFor();
    },
  },
  'inbox-filter-wrong': {
    core: night,
    arrange: async (page) => {
      await inboxShown(page);
      await page.keyboard.press('/');
      await page.keyboard.type('pod=~"(?=x"');
      await page.getByText(/not a pattern/).waitFor();
    },
  },
};
