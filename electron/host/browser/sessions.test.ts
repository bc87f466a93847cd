import { describe, expect, it } from 'vitest';
import { Sessions } from './sessions.ts';

function started() {
  let nowMs = 1_000_000;
  const sessions = new Sessions(() => nowMs);
  const open = (): string => {
    const exchanged = sessions.exchange(sessions.launchToken);
    if (exchanged.kind !== 'accepted') throw new Error(exchanged.kind);
    return exchanged.secret;
  };
  return { sessions, open, pass: (ms: number) => (nowMs += ms) };
}

describe('Sessions', () => {
  it('gives each exchange a session and secrets of its own', () => {
    const { sessions, open } = started();
    const [first, second] = [open(), open()];
    const tokens = [first, second].map((secret) => sessions.find(secret)?.linkToken);
    const secrets = [sessions.launchToken, first, second, ...tokens];
    expect(new Set(secrets).size).toBe(5);
    for (const secret of secrets) expect(Buffer.from(secret ?? '', 'base64url')).toHaveLength(32);
    expect(sessions.find('')).toBeUndefined();
    expect(sessions.find(undefined)).toBeUndefined();
    expect(sessions.find(sessions.launchToken)).toBeUndefined();
  });

  it('keeps 32 sessions: the one unused for longest goes, one with a window last', () => {
    const { sessions, open, pass } = started();
    const secrets = Array.from({ length: 32 }, () => {
      pass(1);
      return open();
    });
    sessions.find(secrets[0])!.links = 1;
    pass(1);
    sessions.find(secrets[1]);
    pass(1);
    open();
    const ended = secrets.filter((secret) => sessions.find(secret) === undefined);
    expect(ended).toEqual([secrets[2]]);
  });

  it('does not take a session with an open window for idle', () => {
    const { sessions, open, pass } = started();
    const secret = open();
    const session = sessions.find(secret)!;
    session.links = 1;
    pass(48 * 3_600_000);
    expect(sessions.find(secret)).toBe(session);
  });

  it('counts wrong tokens anew after a right one', () => {
    const { sessions, open } = started();
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 19; index++) expect(sessions.exchange('wrong').kind).toBe('wrong');
      open();
    }
    for (let index = 0; index < 20; index++) expect(sessions.exchange('wrong').kind).toBe('wrong');
    expect(sessions.exchange(sessions.launchToken).kind).toBe('locked');
  });
});
