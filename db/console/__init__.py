"""What the console reads: whole pages in few statements, for people, off the phone's path."""
