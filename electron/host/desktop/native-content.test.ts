import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { severityOf } from '#shared/model/severity.ts';
import { nativeContent } from './native-content.ts';

const loud = { sound: 'alarm', urgency: 'critical' } as const;

function contentOf(text: string, platform: NodeJS.Platform) {
  const notification = {
    id: 'n',
    incidentId: 1,
    title: text,
    body: text,
    severity: severityOf('critical'),
    ...loud,
  };
  return nativeContent(notification, platform, true);
}

/** What has got through to a person elsewhere: markup of notification servers, XML of toasts, deceit by characters. */
const hostile = [
  '<b>bold</b>',
  '<a href="http://evil.example">acknowledge</a>',
  '<img src="file:///etc/passwd" alt="x"/>',
  '<img src=x onerror=alert(1)>',
  '</text></binding></visual><actions><action content="OK" arguments="calc.exe" activationType="protocol"/></actions>',
  ']]><toast launch="evil">',
  '<![CDATA[<b>x</b>]]>',
  '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///c:/windows/win.ini">]>&e;',
  '&lt;b&gt;already&lt;/b&gt;',
  '&#60;script&#62;',
  '&amp;amp;',
  '<audio src="ms-winsoundevent:Notification.Looping.Alarm"/>',
  'open\u202Ecod.exe',
  'a\u2066b\u2069c\u200Fd',
  'line\nbreak\r\nand\ttab\u0000nul\u001B[31mred\u0007',
  '\uFFFE\uFFFF\uFDD0 noncharacters \u{1FFFE}',
  'lone \uD800 surrogate',
  '$(reboot) `id` %s %n {0}',
];

describe('the texts of notifications', () => {
  it.each(hostile)('%j is plain text on Linux, where the body is markup', (text) => {
    const { title = '', body = '' } = contentOf(text, 'linux');
    expect(body).not.toMatch(/[<>]/);
    expect(body.replace(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
    const read = body.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    expect(read).toBe(contentOf(text, 'darwin').body);
    expect(title).toBe(contentOf(text, 'darwin').title);
  });

  it.each(hostile)('%j has nothing that deceives or that XML cannot hold, and no XML of ours', (text) => {
    for (const platform of ['win32', 'darwin', 'linux'] as const) {
      const { title = '', body = '', toastXml, actions } = contentOf(text, platform);
      for (const shown of [title, body])
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/u);
      expect(toastXml).toBeUndefined();
      expect(actions?.map((action) => action.text)).toEqual(['Acknowledge', 'Snooze', 'Open']);
    }
  });

  it('are short, whatever they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const { title = '', body = '' } = contentOf(text, 'win32');
        expect(title.length).toBeLessThanOrEqual(120);
        expect(body.length).toBeLessThanOrEqual(240);
        expect(title).not.toMatch(/\p{Noncharacter_Code_Point}|\p{Cs}|\p{Cc}/u);
      }),
    );
  });

  it('name the incident and not the text to the system, in at most 64 characters', () => {
    expect(contentOf('x', 'win32')).toMatchObject({ id: 'incident-1', groupId: 'incident-1' });
    const summary = {
      id: 's'.repeat(200),
      incidentId: null,
      title: 'x',
      body: 'y',
      severity: severityOf(''),
      ...loud,
    };
    expect(nativeContent(summary, 'win32', true).id?.length).toBeLessThanOrEqual(64);
  });
});
