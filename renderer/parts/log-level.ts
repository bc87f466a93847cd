import type { LogLevel } from '#shared/model/log.ts';

export const wordOfLevel = {
  critical: 'critical',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
  unknown: '–',
} as const satisfies Record<LogLevel, string>;
