import type { LogLevel } from '#shared/model/log.ts';
import { classes } from '../ui/classes.ts';
import styles from './log-rows.module.css';

/** The level's word; only those that ask for somebody have a colour. */
export function LogLevelWord({ level }: { readonly level: LogLevel }) {
  return <span className={classes(styles.level, styles[level])}>{wordOfLevel[level]}</span>;
}

export const wordOfLevel = {
  critical: 'critical',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
  unknown: '–',
} as const satisfies Record<LogLevel, string>;
