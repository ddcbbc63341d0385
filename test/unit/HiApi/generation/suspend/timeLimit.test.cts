import { HiApiError } from '../../../../../nodes/shared/errors/apiError';
import {
	allowedSuspension,
	latestEnd,
	shorterWait,
} from '../../../../../nodes/HiApi/generation/suspend/timeLimit';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

it.each([
	['no limit', 60, undefined, 60],
	['a limit far away', 60, 120, 60],
	['a limit before that', 60, 30, 28],
	['just enough', 60, 3, 1],
])('%s: of %s minutes', (_name, wanted, ends, allowed) => {
	const endsAt = ends === undefined ? undefined : NOW + ends * MINUTE;
	const limit = allowedSuspension(wanted * MINUTE, endsAt, NOW, 0);
	expect(limit).toBe(allowed * MINUTE);
	const told = shorterWait(wanted * MINUTE, limit as number);
	if (allowed === wanted) expect(told).toBeUndefined();
	else expect(told).toContain(`at most ${allowed} minutes instead of ${wanted}`);
});

it('refuses with both numbers where there is no time to wait', () => {
	const refusal = allowedSuspension(60 * MINUTE, NOW + 2.5 * MINUTE, NOW, 0) as HiApiError;
	expect(refusal).toBeInstanceOf(HiApiError);
	expect(refusal.message).toBe(
		"'Suspend at Most (Minutes)' is 60, and n8n ends this execution in 2.5 minutes",
	);
});

it('counts the time for looking first', () => {
	const endsAt = NOW + 10 * MINUTE;
	expect(allowedSuspension(60 * MINUTE, endsAt, NOW, 5 * MINUTE)).toBe(3 * MINUTE);
	expect(allowedSuspension(60 * MINUTE, endsAt, NOW, 8 * MINUTE)).toBeInstanceOf(HiApiError);
});

it('leaves two minutes for what follows', () => {
	expect(latestEnd(NOW)).toBe(NOW - 2 * MINUTE);
	expect(latestEnd(undefined)).toBe(Infinity);
});
