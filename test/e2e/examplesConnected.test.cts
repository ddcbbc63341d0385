import {
	startLocalTelegram,
	type BotCall,
	type LocalTelegram,
} from '../../scripts/localServices/telegram.cts';
import { publisher, shippedExample } from './support/exampleWorkflows.cts';
import { useLab } from './support/lab.cts';
import { McpSession } from './support/mcpClient.cts';
import { until } from './support/until.cts';

const lab = useLab();
const publish = publisher(lab);

const produced = async (taskId: string, file: string) =>
	Buffer.from(
		await (await fetch(`${lab.simulator.origin}/files/tasks/${taskId}/${file}`)).arrayBuffer(),
	);

describe('telegram-bot', () => {
	const PROMPT = 'a red kite over the dunes';
	let telegram: LocalTelegram;
	beforeEach(async () => {
		telegram = await startLocalTelegram();
		const telegramApi = await lab.n8n.createCredential(
			'telegramApi',
			telegram.credential,
			'Telegram account',
		);
		const changes = { 'Telegram Trigger': { additionalFields: { userIds: telegram.userId } } };
		await publish(
			await lab.n8n.createWorkflow(shippedExample(lab, 'telegram-bot', changes, { telegramApi })),
		);
	});
	afterEach(async () => await telegram.close());

	/** What the bot has sent once it has sent so much. */
	async function sent(count: number): Promise<BotCall[]> {
		await until(() => telegram.calls.length >= count);
		return telegram.calls;
	}

	lab.test(
		'answers with the picture and then with the clip, as files that have a name and a type',
		async () => {
			const { updateId, status } = await telegram.write(PROMPT);
			expect(status).toBe(200);
			const [picture, clip] = await sent(2);
			const [image, video] = lab.simulator.tasks;
			expect(image.input).toEqual({ prompt: PROMPT, aspect_ratio: '16:9' });
			expect(video.input).toEqual({
				prompt: PROMPT,
				image_urls: [`${lab.simulator.origin}/files/tasks/${image.taskId}/0.png`],
				duration: 3,
				resolution: '720p',
			});
			expect(picture).toMatchObject({
				method: 'sendPhoto',
				fields: { chat_id: telegram.userId, caption: expect.stringContaining('clip') as unknown },
				file: {
					field: 'photo',
					name: `${image.taskId}_gpt-image-2-text-to-image.png`,
					type: 'image/png',
					bytes: await produced(image.taskId, '0.png'),
				},
			});
			expect(clip).toMatchObject({
				method: 'sendVideo',
				fields: { chat_id: telegram.userId },
				file: {
					field: 'video',
					name: `${video.taskId}_happyhorse-1.1-image-to-video.mp4`,
					type: 'video/mp4',
					bytes: await produced(video.taskId, '0.mp4'),
				},
			});

			await telegram.write(PROMPT, updateId);
			expect((await sent(4)).slice(2).map(({ method }) => method)).toEqual([
				'sendPhoto',
				'sendVideo',
			]);
			expect(lab.simulator.purchases).toBe(2);
		},
	);

	lab.testWhere('detailedFailures', 'says why there is no clip', async () => {
		const error = { code: 'TASK_FAILED', message: 'upstream rejected the image' } as const;
		lab.simulator.plan({ outcome: 'fail', error }, { model: 'happyhorse-1.1/image-to-video' });
		await telegram.write(PROMPT);
		const [picture, answer] = await sent(2);
		expect([picture.method, answer.method]).toEqual(['sendPhoto', 'sendMessage']);
		expect(answer.fields.text).toContain(error.message);
	});

	lab.test('buys nothing for a command', async () => {
		await telegram.write('/start');
		expect((await sent(1))[0].fields.text).toContain('sentence');
		expect(lab.simulator.purchases).toBe(0);
	});
});

describe('mcp-server', () => {
	const TOKEN = 'a long random token';
	let url: string;
	const open: McpSession[] = [];
	beforeEach(async () => {
		const httpBearerAuth = await lab.n8n.createCredential(
			'httpBearerAuth',
			{ token: TOKEN },
			'Bearer Auth account',
		);
		const hiApiApi = await lab.n8n.createCredential(
			'hiApiApi',
			{ ...lab.credentialData(), catalogUrl: lab.simulator.origin },
			'HiAPI account',
		);
		const workflow = await lab.n8n.createWorkflow(
			shippedExample(lab, 'mcp-server', {}, { httpBearerAuth, hiApiApi }),
		);
		await publish(workflow);
		const { parameters } = workflow.nodes.find(({ name }) => name === 'MCP Server Trigger')!;
		url = `${lab.server.address}/mcp/${String(parameters.path)}`;
	});
	afterEach(async () => {
		await Promise.all(open.splice(0).map(async (session) => await session.close()));
	});

	lab.testWhere(
		'sessionsOfMcpClients',
		'an MCP client asks for the cost, makes an image and looks its task up; nobody does without the token',
		async () => {
			await until(async () => {
				const session = await McpSession.open(url, TOKEN).catch(() => undefined);
				if (session) open.push(session);
				return session !== undefined;
			});
			await expect(McpSession.open(url)).rejects.toThrow();
			await expect(McpSession.open(url, 'another token')).rejects.toThrow();

			const [client] = open;
			const tools = new Map(client.tools.map((tool) => [tool.name, tool]));
			expect([...tools.keys()].sort()).toEqual(['Estimate_Cost', 'Get_Task', 'Make_Image']);
			expect(tools.get('Make_Image')!.description).toContain('costs money');
			expect(tools.get('Get_Task')!.description).toContain('Free of charge');
			expect(Object.keys(tools.get('Make_Image')!.inputSchema.properties ?? {})).toEqual([
				'Prompt',
				'Aspect_Ratio',
			]);

			const wish = { Prompt: 'a lighthouse in the rain', Aspect_Ratio: '9:16' };
			expect(await client.call({ Prompt: wish.Prompt }, 60_000, 'Estimate_Cost')).toMatchObject({
				estimatedCostUsd: 0.04,
			});
			expect(lab.simulator.purchases).toBe(0);
			const made = await client.call(wish, 60_000, 'Make_Image');
			const [{ taskId, input }] = lab.simulator.tasks;
			expect(input).toEqual({ prompt: wish.Prompt, aspect_ratio: wish.Aspect_Ratio });
			expect(made).toMatchObject({ taskId, status: 'success' });
			expect(Buffer.from(await (await fetch(String(made.url))).arrayBuffer())).toEqual(
				await produced(taskId, '0.png'),
			);
			expect(await client.call({ Task_ID: taskId }, 60_000, 'Get_Task')).toMatchObject({
				taskId,
				url: made.url,
			});
			expect(lab.simulator.purchases).toBe(1);
		},
	);
});
