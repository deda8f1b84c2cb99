NODE_KINDS = frozenset({"x"})
