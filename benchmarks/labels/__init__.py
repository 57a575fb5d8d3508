"""How well wrong labels are found, beside other ways of finding them."""
