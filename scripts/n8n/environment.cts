import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a started n8n is told besides the quiet settings. */
export interface ServerSettings {
	/** n8n makes its `.n8n` folder in here. */
	userFolder: string;
	port: number;
	/** Port of n8n's task-runner broker; n8n's default would clash with a second server. */
	brokerPort: number;
	/** Key n8n encrypts credentials with. */
	encryptionKey: string;
	/** The `node_modules` folder n8n lives in. */
	modules: string;
}

/** n8n refuses to start when it is told to do without a module it does not have. */
const UNQUIET_MODULE = 'mcp-registry';

/**
 * The environment of an n8n that keeps to itself: it listens on 127.0.0.1 only, and with these switches (read from n8n 2.41's
 * configuration and checked with a look-up spy) it tries to reach no outside address.
 * Takes over nothing of this process's n8n settings. `more` goes over all of it.
 */
export function quietEnvironment(
	settings: ServerSettings,
	more: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
	const address = `http://127.0.0.1:${settings.port}`;
	const inherited = Object.entries(process.env).filter(
		([name]) =>
			!/^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_|NODE_OPTIONS$|NODE_ENV$|JEST_|TS_NODE|npm_)/i.test(
				name,
			),
	);
	const environment: NodeJS.ProcessEnv = {
		...Object.fromEntries(inherited),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: settings.userFolder,
		N8N_ENCRYPTION_KEY: settings.encryptionKey,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		N8N_PORT: String(settings.port),
		N8N_RUNNERS_BROKER_PORT: String(settings.brokerPort),
		N8N_WEBHOOK_URL: `${address}/`,
		N8N_EDITOR_BASE_URL: address,
		N8N_SECURE_COOKIE: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
		N8N_LOG_LEVEL: 'info',
		NO_COLOR: '1',
		DB_TYPE: 'sqlite',
		// n8n 2's default; without it n8n 1 stores that an execution has ended a moment before what came out of it
		DB_SQLITE_POOL_SIZE: '3',
		GENERIC_TIMEZONE: 'UTC',
		TZ: 'UTC',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_AI_ENABLED: 'false',
		...(existsSync(join(settings.modules, 'n8n', 'dist', 'modules', UNQUIET_MODULE)) && {
			N8N_DISABLED_MODULES: UNQUIET_MODULE,
		}),
		N8N_ONBOARDING_FLOW_DISABLED: 'true',
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		// n8n 1 lets AI agents use community nodes only when told so
		N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'true',
		...more,
	};
	// its name in older n8n
	return { ...environment, WEBHOOK_URL: environment.N8N_WEBHOOK_URL };
}
