"""The far end of the road: one folder per technology. They never import each other; app/ finds them by walking."""
