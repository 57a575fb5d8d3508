"""How near to its own place a guest lands, beside openTSNE's ``transform`` on the same map."""
