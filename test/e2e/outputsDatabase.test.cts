import {
	expectLimitExplained,
	expectPictureInDatabase,
	FILE_LIMIT,
} from './support/databaseFiles.cts';
import { useLab } from './support/lab.cts';

describe('an n8n that keeps files in its database', () => {
	const lab = useLab({ env: { ...FILE_LIMIT, N8N_DEFAULT_BINARY_DATA_MODE: 'database' } });

	lab.testWhere(
		'filesInDatabase',
		'a picture is kept in the database, with its type and all its bytes',
		async () => {
			await expectPictureInDatabase(lab);
		},
	);

	lab.testWhere(
		'settableFileLimit',
		"a file beyond the database's limit does not cost the task, and the limit is explained",
		async () => await expectLimitExplained(lab),
	);
});
