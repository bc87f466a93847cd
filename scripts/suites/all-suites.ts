import { checkSuite } from './check-suite.ts';
import type { Suite } from './suite.ts';
import { playwrightSuite, vitestSuite } from './test-suite.ts';

/** Every suite, quick ones first. The limits are for two cores and twice what each takes, so that one that hangs is told from one that is slow. */
export const allSuites: readonly Suite[] = [
  checkSuite(
    'types',
    90,
    ['shared', 'electron', 'renderer', 'test'].map((layer) => ['tsc', '-p', layer]),
  ),
  checkSuite('lint', 90, [['oxlint', '--deny-warnings']]),
  checkSuite('format', 15, [['oxfmt', '--check']]),
  checkSuite('dead-code', 30, [['knip', '--no-progress', '--treat-config-hints-as-errors']]),
  vitestSuite('arch', { limitSeconds: 45 }),
  vitestSuite('unit', { limitSeconds: 260 }),
  vitestSuite('browser', { limitSeconds: 110, needs: ['chromium'] }),
  vitestSuite('faults', { limitSeconds: 240 }),
  vitestSuite('timed', { limitSeconds: 140, filesAtOnce: 1 }),
  vitestSuite('security', {
    limitSeconds: 90,
    needs: ['chromium', 'renderer', 'desktop'],
    filesAtOnce: 1,
  }),
  vitestSuite('desktop', {
    limitSeconds: 300,
    needs: ['chromium', 'renderer', 'desktop'],
  }),
  vitestSuite('real', { limitSeconds: 300, needs: ['chromium', 'renderer', 'servers'], filesAtOnce: 4 }),
  playwrightSuite('e2e', { limitSeconds: 900, needs: ['chromium', 'renderer'] }),
];
