// n8n-core logs every failed node to the console; here failures are what is tested.
process.env.N8N_LOG_LEVEL ??= 'silent';
