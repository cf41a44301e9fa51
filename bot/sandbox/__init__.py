"""A platform on a laptop: every part a process of its own, in an environment of its own."""
