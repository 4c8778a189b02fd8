"""What starts, under which Python, and from which directories: read from what the project declares."""
