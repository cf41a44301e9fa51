"""The far end of the road: one folder per technology. They never import each other; app.py finds them by walking here."""
