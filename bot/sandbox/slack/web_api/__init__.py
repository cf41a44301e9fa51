"""Fourth floor of the stand-in: the Web API, one module per family of methods; `dispatch` is the way in."""
