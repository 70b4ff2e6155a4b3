"""The pages, a module each; `server.console.rooms` lists their addresses."""
