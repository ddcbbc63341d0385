import type { AddressInfo } from 'node:net';

import { fastify } from 'fastify';

/** A message of the OpenAI chat interface, as far as it is used here. */
export interface ChatMessage {
	role: string;
	content: unknown;
	tool_call_id?: string;
}

/** What the agent asked the model. */
export interface ChatRequest {
	messages: ChatMessage[];
	/** Older agents ask for the answer in pieces. */
	stream?: boolean;
	tools?: Array<{
		function: {
			name: string;
			description?: string;
			parameters: { properties?: Record<string, unknown> };
		};
	}>;
}

/** A language model that calls tools one after another, each once, and answers when it has the last one's result; at once when it is offered none. */
export interface FakeModel {
	/** Base URL for a credential of type "OpenAI". */
	baseUrl: string;
	requests: ChatRequest[];
	/** What the agent told it of the last tool's result, in the last request. */
	toolResult: () => string;
	close: () => Promise<void>;
}

/** What tools have answered since the user's last message. */
function toolResultsIn({ messages }: ChatRequest): ChatMessage[] {
	const asked = messages.map(({ role }) => role).lastIndexOf('user');
	return messages.filter(({ role }, index) => role === 'tool' && index > asked);
}

/**
 * Starts a local server that speaks as much of OpenAI's chat interface as n8n's AI Agent needs.
 *
 * @param toolArguments what it fills in, or what it makes of a request
 * @param toolNames the tools it calls; the first one it is offered when not given
 * @param answerOf what it says when it has the last tool's result, which is `undefined` as text when no tool is offered
 */
export async function startFakeModel(
	toolArguments: Record<string, unknown> | ((chat: ChatRequest) => Record<string, unknown>),
	toolNames?: string[],
	answerOf: (toolResult: string, chat: ChatRequest) => string = () => 'Here is your picture.',
): Promise<FakeModel> {
	const app = fastify();
	const requests: ChatRequest[] = [];
	const toolResult = () =>
		String(requests.at(-1)?.messages.findLast(({ role }) => role === 'tool')?.content);
	app.post('/v1/chat/completions', async (request, reply) => {
		const chat = request.body as ChatRequest;
		requests.push(chat);
		const results = toolResultsIn(chat).length;
		const filledIn = typeof toolArguments === 'function' ? toolArguments(chat) : toolArguments;
		const names = toolNames ?? (chat.tools ?? []).slice(0, 1).map((tool) => tool.function.name);
		const hasResult = results >= names.length;
		const toolCall = {
			id: `call_${results + 1}`,
			type: 'function',
			function: { name: names[results], arguments: JSON.stringify(filledIn) },
		};
		const message = hasResult
			? { role: 'assistant', content: answerOf(toolResult(), chat) }
			: { role: 'assistant', content: null, tool_calls: [toolCall] };
		const finish = { index: 0, finish_reason: hasResult ? 'stop' : 'tool_calls' };
		const answer = {
			id: `chatcmpl-${requests.length}`,
			created: 1_777_000_000,
			model: 'fake-model',
		};
		if (chat.stream === true) {
			const delta = hasResult ? message : { ...message, tool_calls: [{ index: 0, ...toolCall }] };
			const chunk = { ...answer, object: 'chat.completion.chunk', choices: [{ ...finish, delta }] };
			return await reply
				.type('text/event-stream')
				.send(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
		}
		return {
			...answer,
			object: 'chat.completion',
			choices: [{ ...finish, message }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	});
	await app.listen({ host: '127.0.0.1', port: 0 });
	const { port } = app.server.address() as AddressInfo;
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		requests,
		toolResult,
		close: async () => await app.close(),
	};
}
