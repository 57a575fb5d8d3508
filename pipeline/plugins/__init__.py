"""How plug-ins are found, chosen and given their parameters."""
