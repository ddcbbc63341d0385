import { receiveCallback } from '../../../nodes/HiApiTrigger/receive';
import { unpackReceivedTask } from '../../../nodes/HiApiTrigger/receivedTask';
import { fakeWebhook, signedNow, type WebhookSetup } from '../shared/webhook/fakeWebhook.cts';
import { SECRET } from '../shared/webhook/vectors.cts';

/** Parameters of a trigger that wants every finished task. */
export const EVENTS = { events: ['task.success', 'task.fail'] };

let taskNumber = 0;

/** The body of a callback for a task of its own that has succeeded. */
export function callback(fields: object = {}): string {
	taskNumber += 1;
	const taskId = `tk-hiapi-${String(taskNumber).padStart(26, '0')}`;
	return JSON.stringify({
		taskId,
		model: 'seedance-2-0',
		status: 'success',
		created: 1,
		completed: 2,
		...fields,
	});
}

/** A signed request to a trigger that has the secret. */
export const signed = (body: string | Buffer, setup: WebhookSetup = {}): WebhookSetup => ({
	parameters: EVENTS,
	credential: { webhookSecret: SECRET },
	headers: signedNow(body),
	body,
	...setup,
});

/** Sends a request through the trigger and finishes it as n8n would. */
export async function send(setup: WebhookSetup) {
	const fake = fakeWebhook(setup);
	const result = await receiveCallback(fake.context);
	const started = result.workflowData?.[0][0].json;
	if (!fake.response.writableEnded) fake.response.end();
	expect(result.noWebhookResponse === true).toBe(fake.response.sent !== undefined);
	return {
		...fake,
		status: fake.response.statusCode,
		received: started && unpackReceivedTask(started),
		answer: (result.webhookResponse ?? fake.response.sent) as { message: string },
	};
}
