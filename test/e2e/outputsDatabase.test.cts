import { FILE_LIMIT, keepsFilesInTheDatabase } from './support/databaseFiles.cts';
import { useLab } from './support/lab.cts';

describe('an n8n that keeps files in its database', () => {
	keepsFilesInTheDatabase(
		useLab({ env: { ...FILE_LIMIT, N8N_DEFAULT_BINARY_DATA_MODE: 'database' } }),
	);
});
