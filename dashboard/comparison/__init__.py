"""The classifier in use beside another: sides, what changed, class by class, what was tried."""
