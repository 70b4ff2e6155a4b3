"""The agent, for platforms that let us be the model: our prompt, and our tools in process."""
