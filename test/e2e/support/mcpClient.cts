import { createRequire } from 'node:module';
import { join } from 'node:path';

import { n8nFolder } from '../../../scripts/n8n/runtime.cts';

/** What HiAPI's tool answered a call. */
export interface ToolAnswer {
	isError?: boolean;
	content: Array<{ type: string; text?: string }>;
}

/** A tool as the server offers it. */
export interface Tool {
	name: string;
	description?: string;
	inputSchema: { properties?: Record<string, unknown> };
}

/** The parts of the MCP SDK's client that are used here. */
interface SdkClient {
	connect(transport: unknown): Promise<void>;
	listTools(): Promise<{ tools: Tool[] }>;
	callTool(
		call: { name: string; arguments: Record<string, unknown> },
		schema?: undefined,
		options?: { timeout?: number },
	): Promise<ToolAnswer>;
	close(): Promise<void>;
}

interface Sdk {
	Client: new (info: { name: string; version: string }) => SdkClient;
	StreamableHTTPClientTransport: new (
		url: URL,
		options?: { requestInit?: { headers: Record<string, string> } },
	) => unknown;
}

/** The official MCP client, in the version that n8n brings along. */
function sdk(): Sdk {
	const load = createRequire(join(n8nFolder(), 'node_modules', 'n8n', 'package.json'));
	return {
		...(load('@modelcontextprotocol/sdk/client/index.js') as Pick<Sdk, 'Client'>),
		...(load('@modelcontextprotocol/sdk/client/streamableHttp.js') as Pick<
			Sdk,
			'StreamableHTTPClientTransport'
		>),
	};
}

/** One session of a person at an MCP server. */
export class McpSession {
	private constructor(
		private readonly client: SdkClient,
		/** The tools that are offered. */
		readonly tools: Tool[],
	) {}

	/** Connects and reads which tools are offered. `token`: what the server asks for as Bearer Auth. */
	static async open(url: string, token?: string): Promise<McpSession> {
		const { Client, StreamableHTTPClientTransport } = sdk();
		const client = new Client({ name: 'test', version: '1.0.0' });
		const headers: Record<string, string> =
			token === undefined ? {} : { authorization: `Bearer ${token}` };
		await client.connect(
			new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
		);
		return new McpSession(client, (await client.listTools()).tools);
	}

	/** Calls a tool, the first one when none is named; rejects when no answer comes within the time, in milliseconds. */
	async call(
		args: Record<string, unknown>,
		timeout = 60_000,
		tool = this.tools[0].name,
	): Promise<Record<string, unknown>> {
		const { content, isError } = await this.client.callTool(
			{ name: tool, arguments: args },
			undefined,
			{ timeout },
		);
		const text = content.map((part) => part.text ?? '').join('');
		if (isError) throw new Error(text);
		const value: unknown = JSON.parse(text);
		return (Array.isArray(value) ? value[0] : value) as Record<string, unknown>;
	}

	async close(): Promise<void> {
		await this.client.close();
	}
}
