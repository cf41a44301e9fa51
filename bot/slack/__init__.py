"""Stages 1 and 7: both ends of the road: events, commands and buttons come in, cards go out."""
