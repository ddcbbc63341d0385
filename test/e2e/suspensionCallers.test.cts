import { randomUUID } from 'node:crypto';

import { endOf, submitForm } from './support/formPages.cts';
import { useLab } from './support/lab.cts';
import { onceSuspended } from './support/suspensionLab.cts';
import { until } from './support/until.cts';
import {
	hiApiNode,
	NEXT,
	node,
	runAndWait,
	START,
	webhookWorkflowOf,
	workflowOf,
} from './support/workflows.cts';

const lab = useLab();

describe('a caller who waits for the result', () => {
	/** A published workflow whose webhook answers with what the last node gives; calls it and returns the reply. */
	const call = async (waitBy: string): Promise<Response> => {
		const path = randomUUID();
		const hiApi = hiApiNode(lab.credential, runAndWait('p', { grace: 0 }, { waitBy }));
		const { nodes, ...workflow } = webhookWorkflowOf(hiApi, path);
		for (const { name, parameters } of nodes)
			if (name === START) Object.assign(parameters, { responseMode: 'lastNode' });
		await lab.publish({ ...workflow, nodes });
		let reply: Response | undefined;
		await until(async () => {
			reply = await fetch(`${lab.server.address}/webhook/${path}`, { method: 'POST' });
			return reply.status !== 404;
		});
		return reply!;
	};

	lab.test('gets it, because the node polls where the user allows it', async () => {
		const reply = await call('callbackIfPossible');
		expect(reply.status).toBe(200);
		expect(await reply.json()).toMatchObject({
			taskId: lab.simulator.tasks[0].taskId,
			status: 'success',
			url: expect.stringMatching(/^http/) as string,
		});
		expect(lab.simulator.tasks[0].callbackUrl).toBeUndefined();
	});

	lab.test('is not given a placeholder: the node refuses before it buys anything', async () => {
		expect((await call('callback')).status).toBe(500);
		expect(lab.simulator.purchases).toBe(0);
	});

	lab.test('waits at the pages of a form, which show the result after the callback', async () => {
		lab.simulator.plan({ seconds: 100_000 });
		const path = randomUUID();
		const form = node(
			START,
			'n8n-nodes-base.formTrigger',
			{ formTitle: 'Picture', formFields: { values: [{ fieldLabel: 'Prompt' }] }, options: {} },
			{ typeVersion: 2.2, webhookId: path },
		);
		const ending = node(
			NEXT,
			'n8n-nodes-base.form',
			{ operation: 'completion', completionTitle: 'Done', completionMessage: '={{ $json.url }}' },
			{ typeVersion: 1, webhookId: randomUUID() },
		);
		const hiApi = hiApiNode(
			lab.credential,
			runAndWait('={{ $json.Prompt }}', { grace: 0 }, { waitBy: 'callback' }),
		);
		const workflow = workflowOf(hiApi);
		const replaced = new Map([form, ending].map((entry) => [entry.name, entry]));
		const { id: workflowId } = await lab.publish({
			...workflow,
			pinData: {},
			nodes: workflow.nodes.map((entry) => replaced.get(entry.name) ?? entry),
		});
		const url = `${lab.server.address}/form/${path}`;
		await until(async () => (await fetch(url)).ok);
		const waitingUrl = await submitForm(url, ['a lake']);
		await until(() => lab.simulator.tasks.length === 1);
		const [{ taskId, prompt, callbackUrl }] = lab.simulator.tasks;
		expect(prompt).toBe('a lake');
		expect(callbackUrl).toContain('/webhook-waiting/');
		await onceSuspended(lab, workflowId);
		lab.simulator.finish(taskId);
		const end = await endOf(waitingUrl);
		expect(end.html).toContain(taskId);
		await end.finish();
		expect(lab.simulator.purchases).toBe(1);
	});
});
