import { randomUUID } from 'node:crypto';

import { useLab } from './support/lab.cts';
import { McpSession } from './support/mcpClient.cts';
import { until } from './support/until.cts';
import { HIAPI, hiApiNode, node, runAndWait } from './support/workflows.cts';

const lab = useLab();

const SERVER = 'MCP Server Trigger';
const CAT = { prompt: 'a cat' };
/** Longer than calls that come at the same moment. */
const PATIENCE_MILLISECONDS = 4_000;

const open: McpSession[] = [];
afterEach(async () => {
	await Promise.all(open.splice(0).map(async (session) => await session.close()));
});

/** Publishes the node as the tool of an MCP server; sessions are opened at the address. */
async function publishTool(): Promise<string> {
	const path = randomUUID();
	const prompt =
		"={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('prompt', 'What to draw', 'string') }}";
	await lab.publish({
		name: 'mcp',
		nodes: [
			node(
				SERVER,
				'@n8n/n8n-nodes-langchain.mcpTrigger',
				{ path, authentication: 'none' },
				{ typeVersion: 2.1, webhookId: path },
			),
			{
				...hiApiNode(lab.credential, runAndWait(prompt)),
				type: 'n8n-nodes-hiapi.hiApiTool',
			},
		],
		connections: { [HIAPI]: { ai_tool: [[{ node: SERVER, type: 'ai_tool', index: 0 }]] } },
		settings: {},
	});
	return `${lab.server.address}/mcp/${path}`;
}

async function session(url: string): Promise<McpSession> {
	let opened: McpSession | undefined;
	await until(async () => {
		opened = await McpSession.open(url).catch(() => undefined);
		return opened !== undefined;
	});
	open.push(opened!);
	return opened!;
}

// There is no execution behind a call of an MCP client, so nothing of n8n tells one call from another.
describe('behind the MCP Server Trigger', () => {
	lab.testWhere(
		'sessionsOfMcpClients',
		'two people who ask for the same get a picture each',
		async () => {
			const url = await publishTool();
			const [anna, bert] = [await session(url), await session(url)];
			const answers = [await anna.call(CAT), await bert.call(CAT), await anna.call(CAT)];
			expect(answers.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
			expect(answers.map(({ replayed }) => replayed)).toEqual([undefined, undefined, undefined]);
			expect(new Set(answers.map(({ taskId }) => taskId)).size).toBe(3);
			expect(lab.simulator.purchases).toBe(3);
		},
	);

	lab.testWhere(
		'sessionsOfMcpClients',
		'a client that gave up waiting and asks again gets the task it has paid for, and another person does not',
		async () => {
			const url = await publishTool();
			const [anna, bert] = [await session(url), await session(url)];
			lab.simulator.plan({ seconds: 1_000 });
			await expect(anna.call(CAT, PATIENCE_MILLISECONDS)).rejects.toThrow(/timed out/i);
			const [{ taskId }] = lab.simulator.tasks;
			const again = anna.call(CAT);
			expect(await bert.call(CAT)).not.toHaveProperty('replayed');
			lab.simulator.finish(taskId);
			expect(await again).toMatchObject({ taskId, status: 'success', replayed: true });
			expect(lab.simulator.purchases).toBe(2);
		},
	);

	lab.testWhere(
		'sessionsOfMcpClients',
		'several pictures asked for at the same moment are as many purchases',
		async () => {
			const anna = await session(await publishTool());
			const answers = await Promise.all([anna.call(CAT), anna.call(CAT)]);
			expect(new Set(answers.map(({ taskId }) => taskId)).size).toBe(2);
			expect(lab.simulator.purchases).toBe(2);
		},
	);
});
