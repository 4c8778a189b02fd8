"""What was learnt of bytes before, kept on disk: never believed further than it can be checked, never executed."""
