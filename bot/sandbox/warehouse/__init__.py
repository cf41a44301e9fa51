"""The warehouse stand-in: fakesnow under a layer that keeps what operations are about (compute, credits, history, roles)."""
