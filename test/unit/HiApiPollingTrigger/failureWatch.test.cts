import { HiApiError } from '../../../nodes/shared/errors/apiError';
import type { RequestFailure } from '../../../nodes/shared/errors/requestFailure';
import { FailureWatch } from '../../../nodes/HiApiPollingTrigger/failureWatch';

const failure = (request?: RequestFailure) => new HiApiError('no', '', {}, request);
const refused = failure({ kind: 'answer', status: 401 });
const lost = failure({ kind: 'network', networkCode: 'ECONNRESET' });
const MINUTE = 60_000;

const told = (watch: FailureWatch, one: HiApiError, minutes: number[]) =>
	minutes.map((minute) => watch.failed('w', one, minute * MINUTE));

test('what stays is told at the second poll, then every half hour', () => {
	expect(told(new FailureWatch(), refused, [0, 1, 2, 30, 31, 32, 61])).toEqual([
		false,
		true,
		false,
		false,
		true,
		false,
		true,
	]);
});

test('what may pass is told when it has lasted for five minutes', () => {
	expect(told(new FailureWatch(), lost, [0, 1, 4, 5, 6, 34, 35])).toEqual([
		false,
		false,
		false,
		true,
		false,
		false,
		true,
	]);
});

test('at a poll a day every failure but the first is told', () => {
	expect(told(new FailureWatch(), lost, [0, 1_440, 2_880])).toEqual([false, true, true]);
});

test('a success begins anew, for its own trigger only', () => {
	const watch = new FailureWatch();
	expect(told(watch, refused, [0])).toEqual([false]);
	watch.failed('other', refused, 0);
	watch.succeeded('w');
	expect(told(watch, refused, [1, 2])).toEqual([false, true]);
	expect(watch.failed('other', refused, MINUTE)).toBe(true);
});
