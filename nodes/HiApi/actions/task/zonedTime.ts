const DAY_MS = 86_400_000;

/** How far the clocks of a zone are ahead of UTC at an instant; milliseconds, instants since 1970. */
function offsetAt(instantMs: number, timeZone: string): number {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone,
		calendar: 'iso8601',
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	}).formatToParts(instantMs);
	const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
	const wallMs = Date.UTC(
		part('year'),
		part('month') - 1,
		part('day'),
		part('hour'),
		part('minute'),
		part('second'),
	);
	return wallMs - Math.floor(instantMs / 1000) * 1000;
}

/**
 * The instant at which the clocks of a zone show a time, both in milliseconds since 1970. A time that comes twice in
 * autumn means the first one, a time that spring leaves out means as much later (RFC 5545 §3.3.5).
 */
function instantOfWallTime(wallMs: number, timeZone: string): number {
	const before = wallMs - offsetAt(wallMs - DAY_MS, timeZone);
	const after = wallMs - offsetAt(wallMs + DAY_MS, timeZone);
	const fitting = [before, after].filter(
		(instant) => instant + offsetAt(instant, timeZone) === wallMs,
	);
	return fitting.length > 0 ? Math.min(...fitting) : before;
}

/** Whether a text names its zone itself; a date without a time never does. */
function hasZone(text: string): boolean {
	if (/^\d{4}(-\d\d){0,2}$/.test(text)) return false;
	if (/^\d{4}-\d\d-\d\d[T ]/.test(text)) return /(z|[+-]\d\d(:?\d\d)?)$/i.test(text);
	return /\b(GMT|UTC|Z|[ECMP][SD]T)\b|[+-]\d{4}\b/i.test(text);
}

function asUtc(text: string): string {
	if (/^\d{4}(-\d\d){0,2}$/.test(text)) return text;
	return /^\d{4}-\d\d-\d\dT/.test(text) ? `${text}Z` : `${text} UTC`;
}

/**
 * The instant a value means, in milliseconds since 1970; NaN for what is no date. Texts without a zone, as n8n's date
 * picker writes them, mean `timeZone`, with and without a time alike; dates of Luxon and plain numbers are instants.
 *
 * @param timeZone IANA name
 */
export function instantOf(value: unknown, timeZone: string): number {
	if (typeof value !== 'string') return new Date(value as number | Date).getTime();
	const text = value.trim();
	if (hasZone(text)) return new Date(text).getTime();
	// Read as UTC, so that the zone of this machine has no part in it.
	const wallMs = new Date(asUtc(text)).getTime();
	return Number.isNaN(wallMs) ? wallMs : instantOfWallTime(wallMs, timeZone);
}
