"""Where facts are extracted: in this process, or in workers that may be killed."""
