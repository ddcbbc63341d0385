import { randomUUID } from 'node:crypto';

import type { WorkflowDefinition, WorkflowNode } from '../../scripts/n8n/client.cts';

const TELL = 'Tell';

const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });

const tell = (sinkUrl: string): WorkflowNode => ({
	name: TELL,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	position: [400, 0],
	parameters: { url: `=${sinkUrl}/{{ $json.taskId }}`, options: {} },
});

/** Webhook → HiAPI → a call to the sink (sink.cts). */
export function toldWorkflow(
	waitBy: 'callback' | 'polling',
	credential: { id: string; name: string },
	path: string,
	sinkUrl: string,
): WorkflowDefinition {
	return {
		name: `suspend: ${waitBy}`,
		nodes: [
			{
				name: 'Start',
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				position: [0, 0],
				webhookId: randomUUID(),
				parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
			},
			{
				name: 'HiAPI',
				type: 'n8n-nodes-hiapi.hiApi',
				typeVersion: 1,
				position: [200, 0],
				id: randomUUID(),
				credentials: { hiApiApi: credential },
				parameters: {
					resource: 'task',
					operation: 'runAndWait',
					model: { __rl: true, mode: 'id', value: 'any-model' },
					prompt: 'a lake',
					inputMode: 'json',
					input: '{}',
					waitBy,
					...(waitBy === 'polling' && { downloadOutputs: false }),
					options: waitBy === 'callback' ? { grace: 0 } : {},
				},
			},
			tell(sinkUrl),
		],
		connections: { Start: to('HiAPI'), HiAPI: to(TELL) },
	};
}

/** HiAPI Trigger → a call to the sink; the trigger listens at `/webhook/<webhookId>/webhook`. */
export function toldTrigger(
	credential: { id: string; name: string },
	webhookId: string,
	sinkUrl: string,
): WorkflowDefinition {
	return {
		name: 'callbacks',
		nodes: [
			{
				name: 'HiAPI Trigger',
				type: 'n8n-nodes-hiapi.hiApiTrigger',
				typeVersion: 2,
				position: [0, 0],
				webhookId,
				credentials: { hiApiApi: credential },
				parameters: { events: ['task.success', 'task.fail'] },
			},
			tell(sinkUrl),
		],
		connections: { 'HiAPI Trigger': to(TELL) },
	};
}
