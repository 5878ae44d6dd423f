// n8n's engine prints every error that a workflow test asks for; the tests look at the errors themselves.
process.env.N8N_LOG_LEVEL = 'silent';
