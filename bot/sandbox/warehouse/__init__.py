"""The warehouse stand-in: fakesnow under a layer for compute, credits, history and roles."""
