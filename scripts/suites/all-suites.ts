import { checkSuite } from './check-suite.ts';
import type { Suite } from './suite.ts';
import { playwrightSuite, vitestSuite } from './test-suite.ts';

/** Every suite, quick ones first. The limits are for two cores and sum to at most 18 minutes. */
export const allSuites: readonly Suite[] = [
  checkSuite(
    'types',
    45,
    ['shared', 'electron', 'renderer', 'test'].map((layer) => ['tsc', '-p', layer]),
  ),
  checkSuite('lint', 45, [['oxlint', '--deny-warnings']]),
  checkSuite('format', 15, [['oxfmt', '--check']]),
  checkSuite('dead-code', 30, [['knip', '--no-progress', '--treat-config-hints-as-errors']]),
  vitestSuite('arch', { limitSeconds: 45 }),
  vitestSuite('unit', { limitSeconds: 150 }),
  vitestSuite('browser', { limitSeconds: 100, needs: ['chromium'] }),
  vitestSuite('faults', { limitSeconds: 220, serial: true }),
  vitestSuite('security', { limitSeconds: 80, needs: ['chromium', 'renderer'], serial: true }),
  vitestSuite('real', { limitSeconds: 200, needs: ['chromium', 'renderer', 'servers'], serial: true }),
  playwrightSuite('e2e', { limitSeconds: 150, needs: ['chromium', 'renderer'] }),
];
