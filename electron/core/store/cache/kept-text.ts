import { messageOf, failed, success, type Result } from '#shared/result.ts';
import { StatementCache } from '../statement-cache.ts';
import { Keepsakes } from './keepsakes.ts';
import { openCacheForReading } from './read-cache.ts';

/**
 * A text of the cache by its name, read beside whoever owns it. For the command line.
 * @returns null where there is none of that name; a sentence where the cache cannot be read.
 */
export function readKeptText(dataDirectory: string, name: string): Result<string | null, string> {
  const opened = openCacheForReading(dataDirectory);
  if (!opened.ok) return opened;
  const database = opened.value;
  try {
    return success(new Keepsakes(database, new StatementCache(database)).text(name));
  } catch (error) {
    return failed(`the cache cannot be read (${messageOf(error)})`);
  } finally {
    database.close();
  }
}
