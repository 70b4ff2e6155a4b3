"""What a door does with a request that it has let in: tools, events of calls, calls that begin."""
