import {
	sendRefusal,
	claimDelivery,
	malformed,
	notNow,
	unsigned,
} from '../../../../nodes/shared/webhook/answer';
import { InFlightDedupe } from '../../../../nodes/shared/webhook/inFlightDedupe';
import { VirtualTiming } from '../../../support/virtualTiming.cts';
import { fakeWebhook } from './fakeWebhook.cts';

const newMemory = () =>
	new InFlightDedupe(
		{ stored: 10, pending: 10, pendingMs: 60_000, patienceMs: 5_000 },
		new VirtualTiming(),
	);

describe('the turn of a request', () => {
	test.each([200, 204, 299])(
		'n8n has answered %i: copies are duplicates from now on',
		async (status) => {
			const memory = newMemory();
			const { context, response } = fakeWebhook({});
			expect(await claimDelivery(context, memory, 'task')).toBe('first');
			response.end(status);
			expect(memory.size).toEqual({ stored: 1, pending: 0 });
			expect(await claimDelivery(fakeWebhook({}).context, memory, 'task')).toBe('duplicate');
		},
	);

	test.each([300, 404, 500])(
		'n8n has answered %i: the next copy is the first again',
		async (status) => {
			const memory = newMemory();
			const { context, response } = fakeWebhook({});
			expect(await claimDelivery(context, memory, 'task')).toBe('first');
			response.end(status);
			expect(memory.size).toEqual({ stored: 0, pending: 0 });
			expect(await claimDelivery(fakeWebhook({}).context, memory, 'task')).toBe('first');
		},
	);

	test('n8n has not answered: a copy gives up after its patience, and its own end settles nothing', async () => {
		const memory = newMemory();
		expect(await claimDelivery(fakeWebhook({}).context, memory, 'task')).toBe('first');
		const copy = fakeWebhook({});
		expect(await claimDelivery(copy.context, memory, 'task')).toBe('undecided');
		expect([copy.response.listenerCount('finish'), copy.response.listenerCount('close')]).toEqual([
			0, 0,
		]);
		copy.response.end();
		expect(memory.size).toEqual({ stored: 0, pending: 1 });
	});
});

describe('a refusal', () => {
	test.each([
		[malformed('notJson'), 400, 'Not a HiAPI task'],
		[unsigned('mismatch'), 401, 'Not accepted as a callback of HiAPI'],
		[notNow('the database is locked'), 503, 'Try again later'],
	])('tells the sender the status only', (refusal, status, message) => {
		const { context, response } = fakeWebhook({});
		expect(sendRefusal(context, refusal)).toEqual({ noWebhookResponse: true });
		expect([response.statusCode, response.sent]).toEqual([status, { message }]);
	});

	test('leaves an answer alone that has begun', () => {
		const { context, response } = fakeWebhook({});
		response.headersSent = true;
		expect(sendRefusal(context, notNow('too late'))).toEqual({ noWebhookResponse: true });
		expect([response.statusCode, response.sent]).toEqual([200, undefined]);
	});
});
