"""A comparison checked by its reader: samples, answers, what follows from them."""
