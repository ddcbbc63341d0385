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

/** A language model that calls tools one after another, each once, and answers when it has the last one's result. */
export interface FakeModel {
	/** Base URL for a credential of type "OpenAI". */
	baseUrl: string;
	requests: ChatRequest[];
	/** What the agent told it of the last tool's result, in the last request. */
	toolResult: () => string;
	close: () => Promise<void>;
}

/**
 * Starts a local server that speaks as much of OpenAI's chat interface as n8n's AI Agent needs.
 *
 * @param toolArguments what it fills in
 * @param toolNames the tools it calls; the first one it is offered when not given
 */
export async function startFakeModel(
	toolArguments: Record<string, unknown>,
	toolNames?: string[],
): Promise<FakeModel> {
	const app = fastify();
	const requests: ChatRequest[] = [];
	app.post('/v1/chat/completions', async (request, reply) => {
		const chat = request.body as ChatRequest;
		requests.push(chat);
		const results = chat.messages.filter(({ role }) => role === 'tool').length;
		const names = toolNames ?? [chat.tools?.[0]?.function.name];
		const hasResult = results >= names.length;
		const toolCall = {
			id: `call_${results + 1}`,
			type: 'function',
			function: { name: names[results], arguments: JSON.stringify(toolArguments) },
		};
		const message = hasResult
			? { role: 'assistant', content: 'Here is your picture.' }
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
	const toolResult = () =>
		String(requests.at(-1)?.messages.findLast(({ role }) => role === 'tool')?.content);
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		requests,
		toolResult,
		close: async () => await app.close(),
	};
}
