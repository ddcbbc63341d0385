import fc from 'fast-check';

import { instantOf } from '../../../../../nodes/HiApi/actions/task/zonedTime';

const ZONES = [
	'UTC',
	'Europe/Berlin',
	'Europe/London',
	'America/New_York',
	'America/St_Johns',
	'America/Sao_Paulo',
	'Asia/Shanghai',
	'Asia/Kolkata',
	'Asia/Kathmandu',
	'Australia/Lord_Howe',
	'Pacific/Chatham',
	'Pacific/Kiritimati',
	'Pacific/Pago_Pago',
	'Africa/Casablanca',
];
/** What the clocks of a zone show, as `2026-01-31 12:00:00`: the Swedish way of writing a date. */
const wallTime = (instant: number, timeZone: string) =>
	new Date(instant).toLocaleString('sv-SE', { timeZone });
const iso = (value: unknown, timeZone: string) =>
	new Date(instantOf(value, timeZone)).toISOString();

test.each([
	['2026-07-01T12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
	['2026-01-01T12:00:00', 'Europe/Berlin', '2026-01-01T11:00:00.000Z'],
	['2026-07-01', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
	['2026-07-01 12:00', 'Asia/Shanghai', '2026-07-01T04:00:00.000Z'],
	['1 Jul 2026', 'Asia/Shanghai', '2026-06-30T16:00:00.000Z'],
	['2026-07-01T12:00:00Z', 'Asia/Shanghai', '2026-07-01T12:00:00.000Z'],
	['2026-07-01T12:00:00+02:00', 'Asia/Shanghai', '2026-07-01T10:00:00.000Z'],
	['Wed, 01 Jul 2026 12:00:00 GMT', 'Asia/Shanghai', '2026-07-01T12:00:00.000Z'],
	// twice in autumn: the first; left out in spring: as much later
	['2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
	['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
	// a midnight that does not exist
	['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
])('%s in %s is %s', (text, timeZone, instant) => {
	expect(iso(text, timeZone)).toBe(instant);
});

test.each([1_782_907_200_000, new Date(1_782_907_200_000), { valueOf: () => 1_782_907_200_000 }])(
	'%p is an instant of its own, whatever the zone',
	(value) => {
		expect(iso(value, 'Asia/Shanghai')).toBe('2026-07-01T12:00:00.000Z');
	},
);

test.each(['soon', '2026-13-01', '', '2026-01-31T25:00:00'])('%j is no date', (text) => {
	expect(instantOf(text, 'Europe/Berlin')).toBeNaN();
});

const zones = fc.constantFrom(...ZONES);
const instants = fc
	.date({
		min: new Date('1990-01-01T00:00:00Z'),
		max: new Date('2050-01-01T00:00:00Z'),
		noInvalidDate: true,
	})
	.map((date) => Math.floor(date.getTime() / 1000) * 1000);

test('what the clocks show at an instant means that instant, or the earlier one with the same time', () => {
	fc.assert(
		fc.property(instants, zones, (instant, timeZone) => {
			const text = wallTime(instant, timeZone);
			const read = instantOf(text, timeZone);
			expect(wallTime(read, timeZone)).toBe(text);
			expect(instantOf(text.replace(' ', 'T'), timeZone)).toBe(read);
			expect(read).toBeLessThanOrEqual(instant);
			expect(instant - read).toBeLessThanOrEqual(3_600_000);
		}),
		{ numRuns: 500 },
	);
});

test('a date means the same zone as a date with a time', () => {
	fc.assert(
		fc.property(instants, zones, (instant, timeZone) => {
			const date = wallTime(instant, timeZone).slice(0, 10);
			expect(instantOf(date, timeZone)).toBe(instantOf(`${date}T00:00:00`, timeZone));
		}),
	);
});
