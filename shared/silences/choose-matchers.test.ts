import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';
import { chooseMatchers, type OtherAlert } from './choose-matchers.ts';
import { compileSilence, onlyExcludes, silenceText } from './compile-silence.ts';
import { labelKindOf } from './label-kinds.ts';

const disk = {
  alertname: 'DiskFull',
  service: 'backend',
  job: 'node',
  instance: 'web-1:9100',
  device: '/dev/sda1',
  severity: 'warning',
  cluster: 'eu-1',
  prometheus: 'monitoring/k8s',
  replica: 'a',
};
const pod = {
  alertname: 'PodCrashLooping',
  service: 'checkout',
  namespace: 'shop',
  pod: 'checkout-6d4cf56db6-x7k2p',
  instance: '10.2.3.4:8080',
  endpoint: 'http',
  severity: 'critical',
};

function open(labels: Labels): OtherAlert {
  return { labels, isOpen: true };
}

function gone(labels: Labels): OtherAlert {
  return { labels, isOpen: false };
}

function chosenText(chosen: readonly Labels[], others: readonly OtherAlert[] = []): string {
  const matchers = chooseMatchers(chosen, others);
  return matchers.ok ? silenceText(matchers.value) : matchers.failure;
}

describe('what is asked for', () => {
  test('the name, the service and the place, and nothing else', () => {
    expect(chosenText([disk])).toBe('alertname="DiskFull", service="backend", instance="web-1:9100"');
  });

  test('nothing that is longer than can be asked for', () => {
    expect(chosenText([{ ...disk, service: 'x'.repeat(10_001) }])).toBe(
      'alertname="DiskFull", job="node", instance="web-1:9100"',
    );
  });

  test('a pod of a Deployment and its address go with the pod', () => {
    expect(chosenText([pod])).toBe('alertname="PodCrashLooping", service="checkout"');
  });

  test('a pod whose name stays is a place', () => {
    expect(chosenText([{ ...pod, pod: 'db-0' }])).toBe(
      'alertname="PodCrashLooping", service="checkout", pod="db-0"',
    );
  });

  test('what else spares an alert that would be taken', () => {
    const other = { ...disk, device: '/dev/sdb1' };
    expect(chosenText([disk], [open(other)])).toBe(
      'alertname="DiskFull", service="backend", instance="web-1:9100", device="/dev/sda1"',
    );
    expect(chosenText([disk], [gone(other)])).toContain('device=');
  });

  test('the severity, where a worse one would be hidden', () => {
    expect(chosenText([disk], [open({ ...disk, severity: 'critical' })])).toContain('severity="warning"');
  });

  test('a generated pod only for one that fires now, never for what was before it', () => {
    const sibling = { ...pod, pod: 'checkout-6d4cf56db6-9zq4t', instance: '10.2.3.9:8080' };
    expect(chosenText([pod], [gone(sibling)])).not.toContain('pod=');
    expect(chosenText([pod], [open(sibling)])).toMatch(
      /pod="checkout-6d4cf56db6-x7k2p"|instance="10\.2\.3\.4/,
    );
  });

  test('never which watcher saw it', () => {
    expect(chosenText([disk], [open({ ...disk, replica: 'b', prometheus: 'other' })])).toBe(
      'alertname="DiskFull", service="backend", instance="web-1:9100"',
    );
  });

  test('of several alerts what they share, and few values as alternatives', () => {
    const others = ['web-2:9100', 'web-10:9100'].map((instance) => ({ ...disk, instance }));
    expect(chosenText([disk, ...others])).toBe(
      'alertname="DiskFull", service="backend", instance=~"web-10:9100|web-1:9100|web-2:9100"',
    );
    expect(chosenText([disk, { ...disk, instance: 'a.b+c' }])).toContain(
      'instance=~"a\\\\.b\\\\+c|web-1:9100"',
    );
  });

  test('many places are left open', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ ...disk, instance: `web-${index}:9100` }));
    expect(chosenText(many)).toBe('alertname="DiskFull", service="backend"');
  });

  test('many are listed where leaving them open would hide what fires, and not for what fired', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ alertname: `A${index}`, job: 'x' }));
    const stranger = { alertname: 'B', job: 'x' };
    expect(chosenText(many)).toBe('job="x"');
    expect(chosenText(many, [gone(stranger)])).toBe('job="x"');
    expect(chosenText(many, [open(stranger)])).toMatch(/^job="x", alertname=~"A0\|A1\|/);
  });

  test('alerts that share no label are refused in words', () => {
    expect(chosenText([{ a: 'x' }, { b: 'y' }])).toBe(
      'these alerts share no label that a silence could ask for',
    );
    expect(chosenText([])).toContain('share no label');
  });
});

test.each([
  ['checkout-6d4cf56db6-x7k2p', 'incarnation'],
  ['fluentd-x7k2p', 'incarnation'],
  ['db-0', 'place'],
  ['web-nginx', 'place'],
  ['node-7', 'place'],
  ['3fa85f64-5717-4562-b3fc-2c963f66afa6', 'incarnation'],
])('a pod called %s is: %s', (name, kind) => {
  expect(labelKindOf('pod', { pod: name })).toBe(kind);
});

describe('of any alerts', () => {
  const names = ['alertname', 'service', 'instance', 'pod', 'severity', 'replica', 'cluster', 'odd', 'x.y'];
  const values = fc.oneof(
    fc.constantFrom('', 'a', 'b', 'c', 'critical', 'web-1:9100', '10.0.0.1:80', 'p-6d4cf56db6-x7k2p', 'a|b'),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('.*', '(', '[a', '\\', 'a\nb', '^$', '{2}', 'é', '\u{1F525}'),
  );
  const labels = fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 8 });
  const others = fc.array(fc.record({ labels, isOpen: fc.boolean() }), { maxLength: 20 });

  test('all chosen are taken; a server accepts it; each matcher identifies or spares somebody', () => {
    fc.assert(
      fc.property(fc.array(labels, { minLength: 1, maxLength: 12 }), others, (chosen, among) => {
        const matchers = chooseMatchers(chosen, among);
        if (!matchers.ok) {
          expect(sharedUsableNames(chosen)).toEqual([]);
          return;
        }
        const silence = compileSilence(matchers.value);
        if (!silence.ok) throw new Error(silence.failure);
        for (const one of chosen) expect(silence.value.matches(one)).toBe(true);
        expect(onlyExcludes(matchers.value)).toBe(false);
        expect(matchers.value.length).toBeLessThan(Math.max(2, Object.keys(chosen[0] ?? {}).length + 1));
        for (const matcher of matchers.value) {
          expect(matcher.isEqual).toBe(true);
          expect(matcher.name).not.toBe('replica');
          expect(isReasonable(matcher, matchers.value, among, chosen)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('an alert with another value of all that was asked for is spared', () => {
    fc.assert(
      fc.property(labels, (one) => {
        const matchers = chooseMatchers([one], []);
        if (!matchers.ok) return;
        const silence = compileSilence(matchers.value);
        for (const { name } of matchers.value)
          expect(silence.ok && silence.value.matches({ ...one, [name]: 'something else' })).toBe(false);
      }),
    );
  });
});

/** What no silence can be made without. */
function sharedUsableNames(chosen: readonly Labels[]): readonly string[] {
  return Object.keys(chosen[0] ?? {}).filter(
    (name) =>
      /^[a-z]+$/.test(name) &&
      name !== 'replica' &&
      chosen.every((labels) => labelOf(labels, name) !== '' && labelOf(labels, name).isWellFormed()),
  );
}

function isReasonable(
  matcher: SilenceMatcher,
  all: readonly SilenceMatcher[],
  others: readonly OtherAlert[],
  chosen: readonly Labels[],
): boolean {
  const kinds = chosen.map((labels) => labelKindOf(matcher.name, labels));
  if (kinds.every((kind) => kind === 'name' || kind === 'service' || kind === 'place')) return true;
  const rest = all.filter((one) => one !== matcher);
  if (rest.length === 0) return true;
  const without = compileSilence(rest);
  const whole = compileSilence(all);
  if (!without.ok || !whole.ok) return true;
  return others.some(({ labels }) => without.value.matches(labels) && !whole.value.matches(labels));
}
