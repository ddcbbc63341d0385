import { type ChatRequest, startFakeModel } from '../localServices/fakeModel.cts';
import { type Mail, startMailbox } from '../localServices/mailbox.cts';
import { type BotCall, startLocalTelegram } from '../localServices/telegram.cts';

/** What the examples reach besides HiAPI, on this machine: nothing is sent to anybody. */
export interface DemoServices {
	/** Credentials of n8n by their type, under the names the examples look for. */
	credentials: Record<string, { name: string; data: Record<string, unknown> }>;
	/** The Telegram user who may write to the bot. */
	telegramUserId: string;
	/** Lets that user write to the bot. Rejects when no published workflow listens. */
	writeToBot: (text: string) => Promise<void>;
	/** What an MCP client has to know. */
	mcpToken: string;
	close: () => Promise<void>;
}

const MCP_TOKEN = 'demo-token';

const showMail = ({ to, subject, text }: Mail) =>
	console.log(`\nMail to ${to}: ${subject}\n  ${text.replaceAll('\n', '\n  ')}`);

const showBotCall = ({ method, fields, file }: BotCall) =>
	console.log(
		`\nThe Telegram bot answers (${method}): ${[fields.text ?? fields.caption, file && `${file.name}, ${file.type}, ${file.bytes.length} bytes`].filter(Boolean).join(' · ')}`,
	);

/** Fills in the agent's tool: the user's own words as prompt. */
function toolArguments({ messages, tools }: ChatRequest): Record<string, unknown> {
	const wish = String(messages.findLast(({ role }) => role === 'user')?.content ?? 'A lighthouse');
	const names = Object.keys(tools?.[0]?.function.parameters.properties ?? {});
	return Object.fromEntries(names.map((name) => [name, /ratio/i.test(name) ? '16:9' : wish]));
}

/** What it writes where a workflow wants a list of scenes. */
const SCENES = [
	'A fox finds an old lantern in the forest',
	'The fox lights the lantern and fireflies gather around it',
	'The fox walks home through the dark, the fireflies with it',
];

function answerOf(toolResult: string, { tools }: ChatRequest): string {
	if (tools === undefined) return JSON.stringify({ output: { scenes: SCENES } });
	const [url] = /https?:\/\/[^"\\\s]+\/files\/[^"\\\s]+/.exec(toolResult) ?? [];
	return url === undefined ? toolResult : `![your picture](${url})`;
}

/** Starts a mail server, a chat model and a Telegram; mails and the bot's answers are shown on the console. */
export async function openServices(): Promise<DemoServices> {
	const [mailbox, model, telegram] = await Promise.all([
		startMailbox(showMail),
		startFakeModel(toolArguments, undefined, answerOf),
		startLocalTelegram(),
	]);
	telegram.onCall = showBotCall;
	return {
		credentials: {
			smtp: { name: 'SMTP account', data: mailbox.credential },
			openAiApi: { name: 'OpenAI account', data: { apiKey: 'sk-demo', url: model.baseUrl } },
			telegramApi: { name: 'Telegram account', data: telegram.credential },
			httpBearerAuth: { name: 'Bearer Auth account', data: { token: MCP_TOKEN } },
		},
		telegramUserId: telegram.userId,
		writeToBot: async (text) => void (await telegram.write(text)),
		mcpToken: MCP_TOKEN,
		close: async () => void (await Promise.all([mailbox.close(), model.close(), telegram.close()])),
	};
}
