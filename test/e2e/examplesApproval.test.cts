import { startMailbox, type Mailbox } from '../../scripts/localServices/mailbox.cts';
import { hasEnded } from '../../scripts/n8n/client.cts';
import { itemsOf } from '../../scripts/n8n/runData.cts';
import { shippedExample } from './support/exampleWorkflows.cts';
import { useLab } from './support/lab.cts';
import { until } from './support/until.cts';

const lab = useLab();

const START = "When clicking 'Execute workflow'";
/** Mail programs that only look at links first are told apart from people by this. */
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0' };

let mailbox: Mailbox;
beforeEach(async () => {
	mailbox = await startMailbox();
});
afterEach(async () => await mailbox.close());

/** Runs the example with the catalogue at this address; returns the execution's id. */
async function start(catalogUrl: string, prompts?: string[]): Promise<string> {
	const hiApiApi = await lab.n8n.createCredential(
		'hiApiApi',
		{ ...lab.credentialData(), catalogUrl },
		'HiAPI with prices',
	);
	const smtp = await lab.n8n.createCredential('smtp', mailbox.credential, 'SMTP account');
	const rows = (value: string) => ({
		assignments: { assignments: [{ id: 'rows', name: 'prompts', type: 'array', value }] },
	});
	const changes = prompts && { Rows: rows(JSON.stringify(prompts)) };
	const workflow = await lab.n8n.createWorkflow(
		shippedExample(lab, 'approve-before-buying', changes, { hiApiApi, smtp }),
	);
	return await lab.n8n.runManually(workflow, START);
}

/** Waits for the question, and follows the link of the button with this label. */
async function answer(id: string, label: string): Promise<void> {
	await until(() => mailbox.mails.length === 1);
	await lab.n8n.untilExecution(id, ({ status }) => status === 'waiting');
	const { text } = mailbox.mails[0];
	const url = new RegExp(`${label}\\s*\\[?(http[^\\]\\s]+)`).exec(text)?.[1];
	expect((await fetch(String(url), { headers: BROWSER })).status).toBe(200);
}

lab.test('asks with the sum, buys what was approved, and reports the sum', async () => {
	const id = await start(lab.simulator.origin);
	await until(() => mailbox.mails.length === 1);
	expect(mailbox.mails[0]).toMatchObject({
		to: 'you@example.com',
		subject: '3 images for about $0.15: buy them?',
	});
	expect(lab.simulator.purchases).toBe(0);
	lab.simulator.plan(
		{ outcome: 'fail', error: { code: 'TASK_FAILED', message: 'upstream rejected the prompt' } },
		{ prompt: /boat/ },
	);
	await answer(id, '(?<!not )Buy');
	const { status, data } = await lab.n8n.untilExecution(id, hasEnded);
	expect(status).toBe('success');
	expect(lab.simulator.purchases).toBe(3);
	const [lighthouse, boat, kite] = itemsOf(data, 'Make images').map(({ json }) => json);
	expect([lighthouse.estimatedCostUsd, kite.estimatedCostUsd]).toEqual([0.05, 0.05]);
	expect(mailbox.mails[1]).toEqual({
		to: 'you@example.com',
		subject: '2 of 3 images made, about $0.10',
		text: [lighthouse.url, boat.error, kite.url].join('\n'),
	});
	expect(boat.error).toContain('upstream rejected the prompt');
});

lab.test('buys nothing when the answer is no', async () => {
	const id = await start(lab.simulator.origin);
	await answer(id, 'Do not buy');
	const { status, data } = await lab.n8n.untilExecution(id, hasEnded);
	expect(status).toBe('success');
	expect(itemsOf(data, 'Nothing is bought')).toHaveLength(1);
	expect(lab.simulator.purchases).toBe(0);
	expect(mailbox.mails).toHaveLength(1);
});

lab.test('does not ask for little money, and stops where the price is not known', async () => {
	const cheap = await start(lab.simulator.origin, ['A single kite']);
	expect((await lab.n8n.untilExecution(cheap, hasEnded)).status).toBe('success');
	expect(lab.simulator.purchases).toBe(1);
	expect(mailbox.mails.map(({ subject }) => subject)).toEqual(['1 of 1 images made, about $0.05']);

	const unknown = await start(`${lab.simulator.origin}/no-catalogue-here`);
	const { status, data } = await lab.n8n.untilExecution(unknown, hasEnded);
	expect(status).toBe('error');
	expect(data.resultData.error?.message).toMatch(/^Nothing was bought: No price for item 0/);
	expect(lab.simulator.purchases).toBe(1);
});
