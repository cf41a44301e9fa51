"""The composition root: the only folder that knows every other. It hands the outside to the flow."""
