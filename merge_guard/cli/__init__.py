"""The command line: one module a command, from flags to a request, from the report to a stream."""
