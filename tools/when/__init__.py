"""When a caller wants to come: the one reader of spoken days and times, for all tools."""
