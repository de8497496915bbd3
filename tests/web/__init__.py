"""The network\x27s edge, on loopback alone."""
